package dev.rmb.cluster.bans;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.rmb.cluster.UnknownRecordException;
import dev.rmb.cluster.settings.SettingsKind;
import dev.rmb.cluster.settings.SettingsTopic;
import dev.rmb.proto.cluster.BanRecord;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Bans among the settings of the cluster. Thread-safe. */
public final class BanTopic {
    private static final Logger log = LoggerFactory.getLogger(BanTopic.class);
    private static final String PREFIX = "ban/";

    private final SettingsTopic settings;
    private final Bans bans;

    /**
     * @param settings not started yet
     */
    public BanTopic(SettingsTopic settings, Clock clock) {
        this.settings = settings;
        this.bans = new Bans(clock);
        settings.follow(PREFIX, new Records());
    }

    /** What is known. */
    public Bans bans() {
        return bans;
    }

    /** Bans, everywhere; completes like {@link SettingsTopic#put}. */
    public CompletionStage<Void> put(Ban ban) {
        BanRecord.Builder record = BanRecord.newBuilder().setSinceMs(ban.since().toEpochMilli());
        if (ban.reason() != null) {
            record.setReason(ban.reason());
        }
        if (ban.expires() != null) {
            record.setExpiresMs(ban.expires().toEpochMilli());
        }
        return settings.put(PREFIX + ban.target(), record.build().toByteArray());
    }

    /** Takes a ban back, everywhere; like {@link #put}. */
    public CompletionStage<Void> remove(BanTarget target) {
        return settings.remove(PREFIX + target);
    }

    private final class Records implements SettingsKind<Ban> {
        @Override
        public Ban decoded(String name, byte[] value) {
            BanTarget target = target(name);
            try {
                BanRecord record = BanRecord.parseFrom(value);
                return new Ban(
                        target,
                        record.hasReason() ? record.getReason() : null,
                        Instant.ofEpochMilli(record.getSinceMs()),
                        record.hasExpiresMs() ? Instant.ofEpochMilli(record.getExpiresMs()) : null);
            } catch (InvalidProtocolBufferException e) {
                // Its key still says whom: nobody gets in because bytes were damaged.
                log.warn(
                        "The ban of {} cannot be read: it holds until it is lifted over the admin"
                                + " API, or set again",
                        target);
                return new Ban(target, "its record cannot be read", Instant.EPOCH, null);
            }
        }

        @Override
        public void put(Ban ban) {
            bans.put(ban);
        }

        @Override
        public void remove(String name) {
            bans.remove(target(name));
        }

        @Override
        public void replaceAll(Collection<Ban> known) {
            bans.replaceAll(known);
        }
    }

    private static BanTarget target(String name) {
        try {
            return BanTarget.parse(name);
        } catch (IllegalArgumentException e) {
            throw new UnknownRecordException("a ban of nobody that is known here: " + name);
        }
    }
}
