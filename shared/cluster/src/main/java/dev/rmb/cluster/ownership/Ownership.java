package dev.rmb.cluster.ownership;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.rmb.cluster.UnknownRecordException;
import dev.rmb.kafka.KafkaSettings;
import dev.rmb.kafka.TopicFollower;
import dev.rmb.proto.cluster.OwnerRecord;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Follows {@code rmb.owners}. Thread-safe; owns a thread, stopped by {@link #close}.
 *
 * <p>The listener hears of every change from the topic's beginning on, the current claims first.
 */
public final class Ownership implements AutoCloseable {
    private final Map<Integer, Claim> claims = new ConcurrentHashMap<>();
    private final OwnershipListener listener;
    private final TopicFollower follower;

    /**
     * @param topic full name of the owners topic
     * @param pod names the thread
     */
    public Ownership(KafkaSettings settings, String topic, String pod, OwnershipListener listener) {
        this.listener = listener;
        this.follower = new TopicFollower(settings, topic, pod + "-owners", new Records());
    }

    public void start() {
        follower.start();
    }

    /** Completes when the claims that existed at the start are known. */
    public CompletionStage<Void> caughtUp() {
        return follower.caughtUp();
    }

    /** The highest claim seen, unless it was released. */
    public Optional<Claim> owner(int partition) {
        return Optional.ofNullable(claims.get(partition));
    }

    @Override
    public void close() {
        follower.close();
    }

    private final class Records implements TopicFollower.Handler {
        @Override
        public void accept(long offset, byte[] key, byte @Nullable [] value) {
            Ownership.this.accept(offset, key, value);
        }

        @Override
        public void restarted() {
            claims.clear();
            listener.restarted();
        }
    }

    private void accept(long offset, byte[] key, byte @Nullable [] value) {
        if (key.length != Integer.BYTES || value == null) {
            throw new UnknownRecordException("an owner record without partition or content");
        }
        int partition = ByteBuffer.wrap(key).getInt();
        OwnerRecord owner;
        try {
            owner = OwnerRecord.parseFrom(value);
        } catch (InvalidProtocolBufferException e) {
            throw new UnknownRecordException("an owner record that cannot be parsed");
        }
        if (owner.hasReleasedEpoch()) {
            Claim current = claims.get(partition);
            // A release that comes late, after the next claim, ends nothing.
            // Nor does one from before the topic was made anew.
            if (current != null
                    && current.epoch() == owner.getReleasedEpoch()
                    && current.incarnation() == owner.getIncarnation()) {
                claims.remove(partition);
                listener.released(current);
            }
        } else {
            Claim claim =
                    new Claim(
                            partition,
                            offset,
                            owner.getEndpoint(),
                            owner.getRouter(),
                            owner.getIncarnation());
            claims.put(partition, claim);
            listener.claimed(claim);
        }
    }
}
