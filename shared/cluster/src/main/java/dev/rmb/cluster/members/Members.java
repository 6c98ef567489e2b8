package dev.rmb.cluster.members;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.rmb.cluster.UnknownRecordException;
import dev.rmb.kafka.KafkaSettings;
import dev.rmb.kafka.TopicFollower;
import dev.rmb.proto.cluster.MemberRecord;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Follows {@code rmb.members}. Thread-safe; owns a thread, stopped by {@link #close}.
 *
 * <p>A member is alive for {@link #DEAD_AFTER} after its last heartbeat reached this process, by a
 * clock that nobody can set. Those found in the topic at the start get the same time to show up.
 */
public final class Members implements AutoCloseable {
    /** contracts.md: heartbeat 1 s, dead after 5 s. */
    public static final Duration DEAD_AFTER = Duration.ofSeconds(5);

    private final Map<String, Seen> seen = new ConcurrentHashMap<>();
    private final LongSupplier nanoTime;
    private final TopicFollower follower;

    private record Seen(Member member, long atNanos) {}

    /**
     * @param topic full name of the members topic
     * @param pod names the thread
     */
    public Members(KafkaSettings settings, String topic, String pod) {
        this(settings, topic, pod, System::nanoTime);
    }

    Members(KafkaSettings settings, String topic, String pod, LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.follower = new TopicFollower(settings, topic, pod + "-members", this::accept);
    }

    public void start() {
        follower.start();
    }

    /** Completes when the members that were in the topic at the start are known. */
    public CompletionStage<Void> caughtUp() {
        return follower.caughtUp();
    }

    /** The members alive now that have this role. */
    public List<Member> alive(Member.Role role) {
        return alive().stream().filter(member -> member.roles().contains(role)).toList();
    }

    /** All members alive now. */
    public List<Member> alive() {
        long now = nanoTime.getAsLong();
        return seen.values().stream()
                .filter(s -> now - s.atNanos() < DEAD_AFTER.toNanos())
                .map(Seen::member)
                .toList();
    }

    @Override
    public void close() {
        follower.close();
    }

    private void accept(long offset, byte[] key, byte @Nullable [] value) {
        String pod = new String(key, StandardCharsets.UTF_8);
        if (value == null) {
            seen.remove(pod);
            return;
        }
        MemberRecord record;
        try {
            record = MemberRecord.parseFrom(value);
        } catch (InvalidProtocolBufferException e) {
            throw new UnknownRecordException("a member record that cannot be parsed");
        }
        if (record.getLeaving()) {
            seen.remove(pod);
        } else {
            seen.put(pod, new Seen(Heartbeat.member(pod, record), nanoTime.getAsLong()));
        }
    }
}
