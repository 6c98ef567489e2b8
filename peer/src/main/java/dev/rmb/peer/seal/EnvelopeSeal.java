package dev.rmb.peer.seal;

import com.google.protobuf.ByteString;
import dev.rmb.peer.message.PeerError;
import dev.rmb.proto.Envelope;
import dev.rmb.protocol.encryption.DecryptionException;
import dev.rmb.protocol.encryption.PayloadCiphers;
import dev.rmb.protocol.envelope.Envelopes;
import dev.rmb.protocol.identity.EncryptionKey;
import dev.rmb.protocol.identity.InvalidPublicKeyException;
import dev.rmb.twins.DirectoryException;
import dev.rmb.twins.Twin;
import dev.rmb.twins.TwinDirectory;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Encrypts what leaves, and checks and decrypts what comes, by what the directory says of the other
 * twin. Its methods wait for the directory: they are for virtual threads. Thread-safe.
 */
public final class EnvelopeSeal {
    /** Others that are talked to at the same time; more only cost time. */
    private static final int CIPHERS = 10_000;

    private static final int ATTEMPTS = 3;
    private static final Duration LOOK_UP = Duration.ofSeconds(10);
    private static final Duration PAUSE = Duration.ofMillis(500);

    private final long self;
    private final TwinDirectory twins;
    private final PayloadCiphers ciphers;
    private final InstantSource clock;

    /**
     * @param self the own twin
     * @param twins who the others are; stays the caller's
     * @param key the own one; stays the caller's, and open
     */
    public EnvelopeSeal(long self, TwinDirectory twins, EncryptionKey key, InstantSource clock) {
        this.self = self;
        this.twins = twins;
        this.ciphers = new PayloadCiphers(key, CIPHERS);
        this.clock = clock;
    }

    /** What became of an envelope. */
    public sealed interface Result {
        /** It can be sent, or believed. */
        record Good(Envelope envelope) implements Result {}

        /** It cannot, and its sender should know. */
        record Bad(PeerError error) implements Result {}

        /** It is nothing that a peer answers. */
        record Ignored(String why) implements Result {}
    }

    /** The source is 0 where the relay itself speaks, which signs nothing. */
    private static boolean isFromRelay(Envelope envelope) {
        return envelope.getSource().getTwin() == 0;
    }

    /** Encrypts the payload for the destination, if that has a key. */
    public Result close(Envelope plain) throws InterruptedException {
        long twin = Integer.toUnsignedLong(plain.getDestination().getTwin());
        return switch (lookUp(twin)) {
            case LookUp.Found(Twin other) -> encrypted(plain, other.pk());
            case LookUp.Unknown _ -> new Result.Bad(PeerError.unknownTwin(twin));
            case LookUp.Failed(String why) -> new Result.Bad(PeerError.other(why));
        };
    }

    private Result encrypted(Envelope plain, byte @Nullable [] pk) {
        if (pk == null || plain.hasError()) {
            return new Result.Good(plain);
        }
        try {
            byte[] cipher = ciphers.with(pk).encrypt(plain.getPlain().toByteArray());
            return new Result.Good(
                    plain.toBuilder().setCipher(ByteString.copyFrom(cipher)).build());
        } catch (InvalidPublicKeyException e) {
            return new Result.Bad(
                    PeerError.crypto("the key of the other twin is none: " + e.getMessage()));
        }
    }

    /** Checks where an envelope comes from and whether it is in time; decrypts its payload. */
    public Result open(Envelope received) throws InterruptedException {
        if (isFromRelay(received)) {
            // Anybody could have sent anything else that nobody signed.
            return received.hasError()
                    ? new Result.Good(received)
                    : new Result.Ignored("it has no source");
        }
        if (Integer.toUnsignedLong(received.getDestination().getTwin()) != self) {
            // Signed, but for somebody else: a relay sent it astray, or again.
            return new Result.Ignored("it is for another twin");
        }
        if (!Envelopes.isAliveAt(received, clock.instant().getEpochSecond())) {
            return new Result.Bad(PeerError.expired());
        }
        long twin = Integer.toUnsignedLong(received.getSource().getTwin());
        return switch (lookUp(twin)) {
            case LookUp.Found(Twin other) -> verified(received, other);
            case LookUp.Unknown _ -> new Result.Bad(PeerError.unknownTwin(twin));
            case LookUp.Failed(String why) -> new Result.Bad(PeerError.other(why));
        };
    }

    private Result verified(Envelope received, Twin source) {
        if (!Envelopes.verify(received, source.account())) {
            return new Result.Bad(PeerError.invalidSignature());
        }
        if (!received.hasCipher()) {
            return new Result.Good(received);
        }
        byte[] pk = source.pk();
        if (pk == null) {
            return new Result.Bad(PeerError.noPublicKey());
        }
        try {
            byte[] plain = ciphers.with(pk).decrypt(received.getCipher().toByteArray());
            return new Result.Good(
                    received.toBuilder().setPlain(ByteString.copyFrom(plain)).build());
        } catch (DecryptionException | InvalidPublicKeyException e) {
            return new Result.Bad(PeerError.crypto(String.valueOf(e.getMessage())));
        }
    }

    private sealed interface LookUp {
        record Found(Twin twin) implements LookUp {}

        record Unknown() implements LookUp {}

        record Failed(String why) implements LookUp {}
    }

    private LookUp lookUp(long id) throws InterruptedException {
        for (int attempt = 1; ; attempt++) {
            try {
                Optional<Twin> found =
                        twins.byId(id)
                                .toCompletableFuture()
                                .get(LOOK_UP.toMillis(), TimeUnit.MILLISECONDS);
                return found.isPresent() ? new LookUp.Found(found.get()) : new LookUp.Unknown();
            } catch (ExecutionException e) {
                boolean again =
                        e.getCause() instanceof DirectoryException failure && failure.isRetryable();
                if (!again || attempt == ATTEMPTS) {
                    return new LookUp.Failed(
                            "twin " + id + " cannot be looked up: " + e.getCause());
                }
            } catch (TimeoutException e) {
                return new LookUp.Failed("twin " + id + " cannot be looked up in time");
            }
            Thread.sleep(PAUSE.multipliedBy(attempt));
        }
    }
}
