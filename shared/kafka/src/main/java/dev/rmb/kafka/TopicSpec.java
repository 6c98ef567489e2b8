package dev.rmb.kafka;

import java.util.Map;

/**
 * A topic that must exist.
 *
 * @param name full name
 * @param partitions exactly so many; an existing topic with another count is refused
 * @param settings topic configuration, used when it is made
 */
public record TopicSpec(String name, int partitions, Map<String, String> settings) {
    public TopicSpec {
        settings = Map.copyOf(settings);
    }
}
