package dev.rmb.client;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.rmb.proto.Envelope;
import dev.rmb.protocol.Address;
import dev.rmb.protocol.ProtocolException;
import dev.rmb.protocol.encryption.DecryptionException;
import dev.rmb.protocol.encryption.PayloadCiphers;
import dev.rmb.protocol.envelope.Envelopes;
import dev.rmb.protocol.identity.EncryptionKey;
import dev.rmb.protocol.identity.Signer;
import dev.rmb.twins.Twin;
import dev.rmb.twins.TwinDirectory;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a session does to envelopes with keys: those that leave are encrypted and signed, those that
 * come are verified and decrypted. Thread-safe.
 */
final class EnvelopeSeal {
    /** A shared secret takes some 200 bytes, and hundreds of microseconds to make. */
    private static final int KEPT_CIPHERS = 1024;

    private final Address self;
    private final Signer signer;
    private final @Nullable PayloadCiphers ciphers;
    private final byte @Nullable [] publicKey;
    private final Encryption encryption;
    private final TwinDirectory twins;
    private final InstantSource clock;
    private final Executor worker;

    /** What became of an envelope that came. */
    sealed interface Opened {
        /**
         * It may be believed.
         *
         * @param source {@code null} if it is a relay's
         */
        record Good(@Nullable Address source, ByteString payload) implements Opened {}

        /** It may not. */
        record Bad(int code, String reason) implements Opened {}
    }

    /**
     * For one session.
     *
     * @param key decrypts and encrypts; {@code null} if there is none
     * @param worker runs what has to wait for look-ups
     */
    EnvelopeSeal(
            Address self,
            Signer signer,
            @Nullable EncryptionKey key,
            Encryption encryption,
            TwinDirectory twins,
            InstantSource clock,
            Executor worker) {
        this.self = self;
        this.signer = signer;
        this.ciphers = key == null ? null : new PayloadCiphers(key, KEPT_CIPHERS);
        this.publicKey = key == null ? null : key.publicKey();
        this.encryption = encryption;
        this.twins = twins;
        this.clock = clock;
        this.worker = worker;
        if (key == null && encryption == Encryption.ALWAYS) {
            throw new IllegalStateException("no key to encrypt with");
        }
    }

    /**
     * Makes a draft ready to be sent: source, timestamp, encryption, signature. At once, on the
     * calling thread, if its destination is known or need not be.
     *
     * @return fails with an {@link RmbException}
     */
    CompletionStage<Envelope> seal(Envelope.Builder draft, Address destination) {
        boolean isPlain = draft.getPayloadCase() == Envelope.PayloadCase.PLAIN;
        if (!isPlain || ciphers == null || encryption == Encryption.NEVER) {
            return CompletableFuture.completedStage(signed(draft));
        }
        PayloadCiphers with = ciphers;
        return onceKnown(self.twin(), this::encryptsBy, this::unknownSelf)
                .thenCompose(encrypts ->
                        encrypts
                                ? onceKnown(
                                        destination.twin(),
                                        found -> sealed(draft, with, destination.twin(), found),
                                        failure -> {
                                            throw new LookUpException(destination.twin(), failure);
                                        })
                                : CompletableFuture.completedStage(signed(draft)));
    }

    /**
     * Whether others can decrypt what is encrypted here: with the key in this twin's own record.
     * Without it each payload would be refused where it arrives.
     */
    private boolean encryptsBy(Optional<Twin> own) {
        boolean known = own.isPresent() && Arrays.equals(own.get().pk(), publicKey);
        if (!known && encryption == Encryption.ALWAYS) {
            throw new CannotEncryptException(
                    "the record of twin " + self.twin() + " does not have this key", null);
        }
        return known;
    }

    private boolean unknownSelf(Throwable failure) {
        throw new LookUpException(self.twin(), failure);
    }

    private Envelope sealed(
            Envelope.Builder draft, PayloadCiphers with, long twin, Optional<Twin> found) {
        byte[] pk = found.orElseThrow(() -> new UnknownTwinException(twin)).pk();
        if (pk == null && encryption == Encryption.ALWAYS) {
            throw new CannotEncryptException("twin " + twin + " has no key", null);
        }
        if (pk != null) {
            encrypt(draft, with, pk, twin);
        }
        return signed(draft);
    }

    private static void encrypt(
            Envelope.Builder draft, PayloadCiphers ciphers, byte[] pk, long twin) {
        try {
            byte[] encrypted = ciphers.with(pk).encrypt(draft.getPlain().toByteArray());
            draft.setCipher(UnsafeByteOperations.unsafeWrap(encrypted));
        } catch (ProtocolException e) {
            throw new CannotEncryptException("twin " + twin + " has no usable key", e);
        }
    }

    private Envelope signed(Envelope.Builder draft) {
        draft.setSource(Envelopes.toProto(self));
        Envelopes.stamp(draft, clock.instant().getEpochSecond());
        return Envelopes.sign(draft, signer);
    }

    /** Whether an envelope may be believed. To be called on a thread that may compute. */
    CompletionStage<Opened> open(Envelope envelope) {
        Address source = Envelopes.fromProto(envelope.getSource());
        if (source == null) {
            return CompletableFuture.completedStage(ofRelay(envelope));
        }
        if (!self.equals(Envelopes.fromProto(envelope.getDestination()))) {
            return bad(ErrorCodes.INVALID_MESSAGE, "not addressed to " + self);
        }
        if (envelope.hasRequest()
                && !Envelopes.isAliveAt(envelope, clock.instant().getEpochSecond())) {
            return bad(ErrorCodes.EXPIRED, "the message has expired");
        }
        return onceKnown(
                source.twin(),
                found ->
                        found.map(twin -> verify(envelope, source, twin))
                                .orElseGet(() ->
                                        new Opened.Bad(
                                                ErrorCodes.UNKNOWN_TWIN,
                                                "unknown twin " + source.twin())),
                failure -> new Opened.Bad(ErrorCodes.OTHER, "the sender cannot be looked up"));
    }

    private static CompletionStage<Opened> bad(int code, String reason) {
        return CompletableFuture.completedStage(new Opened.Bad(code, reason));
    }

    private static Opened ofRelay(Envelope envelope) {
        return envelope.hasError() || envelope.hasPong()
                ? new Opened.Good(null, envelope.getPlain())
                : new Opened.Bad(ErrorCodes.INVALID_MESSAGE, "it has no source");
    }

    private Opened verify(Envelope envelope, Address source, Twin twin) {
        if (!Envelopes.verify(envelope, twin.account())) {
            return new Opened.Bad(
                    ErrorCodes.INVALID_SIGNATURE, "the signature is not the sender's");
        }
        if (!envelope.hasCipher()) {
            return new Opened.Good(source, envelope.getPlain());
        }
        byte[] pk = twin.pk();
        if (pk == null) {
            return new Opened.Bad(ErrorCodes.NO_PUBLIC_KEY, "the sender has no public key");
        }
        if (ciphers == null) {
            return new Opened.Bad(ErrorCodes.CANNOT_DECRYPT, "no key to decrypt the payload with");
        }
        try {
            byte[] plain = ciphers.with(pk).decrypt(envelope.getCipher().toByteArray());
            return new Opened.Good(source, UnsafeByteOperations.unsafeWrap(plain));
        } catch (DecryptionException e) {
            return new Opened.Bad(ErrorCodes.CANNOT_DECRYPT, "the payload cannot be decrypted");
        } catch (ProtocolException e) {
            return new Opened.Bad(ErrorCodes.NO_PUBLIC_KEY, "the sender's public key is of no use");
        }
    }

    /** On this thread, if the directory answers at once; the directory's own has other work. */
    private <T> CompletionStage<T> onceKnown(
            long twin, Function<Optional<Twin>, T> known, Function<Throwable, T> unknown) {
        CompletableFuture<Optional<Twin>> answer = twins.byId(twin).toCompletableFuture();
        if (answer.isDone()) {
            return now(() -> known.apply(answer.join()), unknown);
        }
        return answer.handleAsync(
                        (found, failure) ->
                                failure == null
                                        ? now(() -> known.apply(found), unknown)
                                        : now(() -> unknown.apply(Causes.of(failure)), unknown),
                        worker)
                .thenCompose(result -> result);
    }

    private static <T> CompletionStage<T> now(Supplier<T> result, Function<Throwable, T> unknown) {
        try {
            return CompletableFuture.completedStage(result.get());
        } catch (CompletionException e) {
            return now(() -> unknown.apply(Causes.of(e)), unknown);
        } catch (RmbException e) {
            return CompletableFuture.failedStage(e);
        }
    }
}
