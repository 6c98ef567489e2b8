package dev.rmb.standalone.node;

import dev.rmb.cluster.bans.BanTopic;
import dev.rmb.cluster.limits.LimitTopic;
import dev.rmb.cluster.settings.SettingsTopic;
import dev.rmb.kafka.KafkaSettings;
import java.time.Clock;

/**
 * What operators change at run time for the whole cluster. Owns threads, stopped by {@link #close}.
 */
record ClusterSettings(SettingsTopic topic, BanTopic bans, LimitTopic limits)
        implements AutoCloseable {
    /**
     * Begins to follow.
     *
     * @param topic full name of the settings topic; must exist
     * @param pod names threads and clients
     */
    static ClusterSettings start(KafkaSettings kafka, String topic, String pod, Clock clock) {
        var settings = new SettingsTopic(kafka, topic, pod);
        var started =
                new ClusterSettings(
                        settings, new BanTopic(settings, clock), new LimitTopic(settings));
        settings.start();
        return started;
    }

    @Override
    public void close() {
        topic.close();
    }
}
