package dev.rmb.router.stream;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.nio.file.Path;
import java.time.Duration;

/**
 * How the router runs Kafka Streams.
 *
 * @param stateDirectory of this process alone; what is lost with it is restored from Kafka
 * @param threads that share the partitions
 * @param standbys warm copies of each mailbox on other routers, so that a takeover takes no restore
 * @param sessionTimeout after which a router that is silent loses its partitions; the brokers must
 *     allow it
 * @param commitInterval between two transactions; what a crash repeats
 * @param restoreTimeout how long mailboxes may take to be read from Kafka at the start
 */
public record StreamSettings(
        @JsonProperty(defaultValue = "./data/router") Path stateDirectory,
        @JsonProperty(defaultValue = "1") int threads,
        @JsonProperty(defaultValue = "1") int standbys,
        @JsonProperty(defaultValue = "6s") Duration sessionTimeout,
        @JsonProperty(defaultValue = "200ms") Duration commitInterval,
        @JsonProperty(defaultValue = "10m") Duration restoreTimeout) {
    private static final int MAX_THREADS = 256;
    private static final int MAX_STANDBYS = 4;
    private static final Duration SHORTEST_SESSION = Duration.ofSeconds(1);

    /** A transaction must end before its time-out of 3 s; see docs/kafka.md, 7. */
    private static final Duration LONGEST_COMMIT = Duration.ofSeconds(1);

    public StreamSettings {
        if (threads < 1 || threads > MAX_THREADS) {
            throw new IllegalArgumentException("threads must be 1 to " + MAX_THREADS);
        }
        if (standbys < 0 || standbys > MAX_STANDBYS) {
            throw new IllegalArgumentException("standbys must be 0 to " + MAX_STANDBYS);
        }
        if (sessionTimeout.compareTo(SHORTEST_SESSION) < 0) {
            throw new IllegalArgumentException("sessionTimeout must be at least 1s");
        }
        if (commitInterval.toMillis() < 1 || commitInterval.compareTo(LONGEST_COMMIT) > 0) {
            throw new IllegalArgumentException("commitInterval must be 1ms to 1s");
        }
        if (restoreTimeout.toMillis() < 1) {
            throw new IllegalArgumentException("restoreTimeout must be at least 1ms");
        }
    }
}
