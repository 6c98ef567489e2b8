package dev.rmb.client;

import dev.rmb.protocol.Address;
import dev.rmb.protocol.identity.EncryptionKey;
import dev.rmb.protocol.identity.KeyPair;
import dev.rmb.protocol.identity.KeyType;
import dev.rmb.twins.Twin;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A twin to test with: its secret, and what a directory says of it. */
record Twinned(Address address, KeyType type, String secret, boolean encrypts) {
    static Twinned of(String address, KeyType type, boolean encrypts) {
        Address parsed = Address.parse(address);
        return new Twinned(parsed, type, "0x" + "%064x".formatted(parsed.twin()), encrypts);
    }

    Twin record() {
        byte @Nullable [] pk = null;
        if (encrypts) {
            try (EncryptionKey key = EncryptionKey.of(secret)) {
                pk = key.publicKey();
            }
        }
        try (KeyPair keys = KeyPair.of(type, secret)) {
            return new Twin(address.twin(), keys.account(), null, pk);
        }
    }

    /** A client of these relays, which know the twin from now on. */
    RmbClientBuilder at(LoopbackRelay... relays) {
        RmbClientBuilder builder =
                RmbClient.builder()
                        .twin(address.twin())
                        .secret(secret)
                        .keyType(type)
                        .adjust(settings ->
                                settings.withBackoff(Duration.ofMillis(1), Duration.ofMillis(20)));
        if (address.connection() != null) {
            builder.session(address.connection());
        }
        for (LoopbackRelay relay : relays) {
            relay.know(record());
            builder.relay(relay.uri());
        }
        return builder;
    }
}
