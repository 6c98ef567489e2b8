package dev.rmb.kafka;

import java.util.Map;

/**
 * A topic that must exist.
 *
 * @param name full name
 * @param partitions exactly so many; an existing topic with another count is refused
 * @param settings topic configuration, used when it is made
 * @param demands what an existing topic is refused without
 */
public record TopicSpec(
        String name, int partitions, Map<String, String> settings, Map<String, Demand> demands) {

    /** What a setting of a topic must be. */
    public sealed interface Demand {
        /**
         * A number.
         *
         * @param least that, or any negative one, which means that there is no limit
         * @param otherwise what else could be done about it than to raise the setting; may be empty
         */
        record AtLeast(long least, String otherwise) implements Demand {
            public AtLeast(long least) {
                this(least, "");
            }
        }

        /** That value and no other. */
        record Exactly(String value) implements Demand {}
    }

    public TopicSpec {
        settings = Map.copyOf(settings);
        demands = Map.copyOf(demands);
    }

    /** A topic that demands nothing but its partitions. */
    public TopicSpec(String name, int partitions, Map<String, String> settings) {
        this(name, partitions, settings, Map.of());
    }
}
