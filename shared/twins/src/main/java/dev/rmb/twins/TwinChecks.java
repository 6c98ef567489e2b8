package dev.rmb.twins;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What a twin's record must look like where this relay keeps it. A twin on the chain may be
 * stranger: there its owner writes it.
 */
final class TwinChecks {
    private static final int PK_LENGTH = 33;

    /** Far more than the four relays that a peer joins. */
    private static final int MAX_RELAY_BYTES = 1024;

    private TwinChecks() {}

    /**
     * @throws IllegalArgumentException that says what is wrong
     */
    static Twin check(Twin twin) {
        checkRelay(twin.relay());
        checkPk(twin.pk());
        return twin;
    }

    static void checkRelay(@Nullable String relay) {
        if (relay == null) {
            return;
        }
        if (relay.getBytes(StandardCharsets.UTF_8).length > MAX_RELAY_BYTES) {
            throw new IllegalArgumentException(
                    "relay is longer than " + MAX_RELAY_BYTES + " bytes");
        }
        if (RelayDomains.parse(relay).isEmpty()
                || relay.chars().anyMatch(c -> c <= ' ' || c == 0x7F)) {
            throw new IllegalArgumentException(
                    "relay must be domains joined by '_', such as r1.example.org_r2.example.org");
        }
    }

    static void checkPk(byte @Nullable [] pk) {
        if (pk != null && (pk.length != PK_LENGTH || (pk[0] != 2 && pk[0] != 3))) {
            throw new IllegalArgumentException(
                    "pk must be a compressed secp256k1 point: 33 bytes that begin with 02 or 03");
        }
    }
}
