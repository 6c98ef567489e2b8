package dev.rmb.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rmb.proto.Address;
import dev.rmb.proto.Envelope;
import dev.rmb.proto.Request;
import dev.rmb.proto.Response;
import dev.rmb.protocol.identity.KeyPair;
import dev.rmb.protocol.identity.KeyType;
import dev.rmb.protocol.token.Tokens;
import dev.rmb.twins.Twin;
import java.time.Instant;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** A twin with its key, and what it would send. */
public final class TestTwin {
    /** Of the relay where these twins live. */
    public static final String HOME = "relay.test";

    private static final long TOKEN_SECONDS = 60;

    /** The same for all, so that an envelope made twice has the same bytes. */
    private static final long SENT = 1_700_000_000;

    public final long id;
    public final KeyPair key;

    public TestTwin(long id) {
        this(id, id);
    }

    public TestTwin(long id, long seed) {
        this.id = id;
        this.key = KeyPair.of(KeyType.ED25519, "0x%064x".formatted(seed));
    }

    public Twin record() {
        return new Twin(id, key.account(), HOME, null);
    }

    public String token(@Nullable String connection) {
        long now = Instant.now().getEpochSecond();
        return Tokens.issue(key, id, connection, now, now + TOKEN_SECONDS);
    }

    /** Signed by this twin, whatever it claims. */
    public String tokenOf(String claims) {
        Base64.Encoder encoder = Base64.getUrlEncoder().withoutPadding();
        String signed =
                encoder.encodeToString("{\"alg\":\"RS512\"}".getBytes(UTF_8))
                        + "."
                        + encoder.encodeToString(claims.getBytes(UTF_8));
        return signed + "." + encoder.encodeToString(key.sign(signed.getBytes(UTF_8)));
    }

    public String expiredToken() {
        long now = Instant.now().getEpochSecond();
        return Tokens.issue(key, id, null, now - 2 * TOKEN_SECONDS, now - 1);
    }

    public Address address(@Nullable String connection) {
        var address = Address.newBuilder().setTwin((int) id);
        return connection == null ? address.build() : address.setConnection(connection).build();
    }

    public Envelope.Builder to(TestTwin destination) {
        return Envelope.newBuilder()
                .setUid("uid")
                .setTimestamp(SENT)
                .setExpiration(60)
                .setSource(address(null))
                .setDestination(destination.address(null));
    }

    public Envelope request(TestTwin destination, String uid) {
        return to(destination)
                .setUid(uid)
                .setRequest(Request.newBuilder().setCommand("test"))
                .build();
    }

    public Envelope response(TestTwin destination, String uid) {
        return to(destination).setUid(uid).setResponse(Response.getDefaultInstance()).build();
    }
}
