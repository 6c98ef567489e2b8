package dev.rmb.client;

import com.google.protobuf.ByteString;
import dev.rmb.proto.Envelope;
import dev.rmb.protocol.Address;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * What came and may be believed: of a twin, with its signature checked, its destination this
 * session and its payload decrypted; or of a relay, which signs nothing.
 *
 * <p>Thread-safe.
 */
public final class ReceivedEnvelope {
    private final Envelope envelope;
    private final @Nullable Address source;
    private final ByteString payload;
    private final Runnable release;
    private final AtomicBoolean done = new AtomicBoolean();

    ReceivedEnvelope(
            Envelope envelope, @Nullable Address source, ByteString payload, Runnable release) {
        this.envelope = envelope;
        this.source = source;
        this.payload = payload;
        this.release = release;
    }

    /** As it was received: its payload is still encrypted, if it was. */
    public Envelope envelope() {
        return envelope;
    }

    /** The same with its payload decrypted, under the signature that was made for the other. */
    public Envelope decrypted() {
        return isEncrypted() ? envelope.toBuilder().setPlain(payload).build() : envelope;
    }

    /** Who sent it; empty if it is a relay's own. */
    public Optional<Address> source() {
        return Optional.ofNullable(source);
    }

    /** What it carries, decrypted. */
    public ByteString payload() {
        return payload;
    }

    /** Whether the payload was encrypted on its way. */
    public boolean isEncrypted() {
        return envelope.hasCipher();
    }

    /**
     * Says that it is no longer worked on. To be called once for each, on any thread: when too many
     * are not done, the session stops reading, and messages wait at the relay. Again it does
     * nothing.
     */
    public void done() {
        if (done.compareAndSet(false, true)) {
            release.run();
        }
    }
}
