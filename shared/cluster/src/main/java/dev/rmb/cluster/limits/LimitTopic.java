package dev.rmb.cluster.limits;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.rmb.cluster.UnknownRecordException;
import dev.rmb.cluster.settings.SettingsKind;
import dev.rmb.cluster.settings.SettingsTopic;
import dev.rmb.proto.cluster.LimitRecord;
import java.time.Instant;
import java.util.Collection;
import java.util.concurrent.CompletionStage;

/** Changed limits among the settings of the cluster. Thread-safe. */
public final class LimitTopic {
    private static final String PREFIX = "limit/";

    private final SettingsTopic settings;
    private final Limits limits = new Limits();

    /**
     * @param settings not started yet
     */
    public LimitTopic(SettingsTopic settings) {
        this.settings = settings;
        settings.follow(PREFIX, new Records());
    }

    /** What is known. */
    public Limits limits() {
        return limits;
    }

    /** Changes a limit, everywhere; completes like {@link SettingsTopic#put}. */
    public CompletionStage<Void> put(LimitChange change) {
        LimitRecord.Builder record =
                LimitRecord.newBuilder()
                        .setValue(change.value())
                        .setSinceMs(change.since().toEpochMilli());
        if (change.reason() != null) {
            record.setReason(change.reason());
        }
        return settings.put(PREFIX + change.name(), record.build().toByteArray());
    }

    /** Takes a change back, everywhere; like {@link #put}. */
    public CompletionStage<Void> remove(String name) {
        return settings.remove(PREFIX + name);
    }

    private final class Records implements SettingsKind<LimitChange> {
        @Override
        public LimitChange decoded(String name, byte[] value) {
            try {
                LimitRecord record = LimitRecord.parseFrom(value);
                if (record.getSinceMs() == 0) {
                    // Nobody writes such: what other bytes may look like.
                    throw new UnknownRecordException("a limit without its time");
                }
                return new LimitChange(
                        name,
                        record.getValue(),
                        record.hasReason() ? record.getReason() : null,
                        Instant.ofEpochMilli(record.getSinceMs()));
            } catch (InvalidProtocolBufferException e) {
                throw new UnknownRecordException("a limit that cannot be parsed");
            } catch (IllegalArgumentException e) {
                throw new UnknownRecordException("a limit that is none: " + e.getMessage());
            }
        }

        @Override
        public void put(LimitChange change) {
            limits.put(change);
        }

        @Override
        public void remove(String name) {
            limits.remove(name);
        }

        @Override
        public void replaceAll(Collection<LimitChange> changes) {
            limits.replaceAll(changes);
        }
    }
}
