package dev.rmb.tfchain;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * How to reach a chain.
 *
 * @param urls of its nodes, {@code ws:} or {@code wss:}; one is used at a time, the next when it
 *     fails
 * @param connect time for a connection, its answers and its first block
 * @param answer time for an answer; a node that takes longer is left for the next
 * @param patience time for a look-up, whatever nodes it takes
 * @param silence how long a node may have no new block
 * @param keepAlive how often a node is pinged; one that is silent for twice as long is left
 * @param firstWait before all nodes are tried again, after each was
 * @param longestWait what that wait grows to
 */
public record ChainSettings(
        List<URI> urls,
        Duration connect,
        Duration answer,
        Duration patience,
        Duration silence,
        Duration keepAlive,
        Duration firstWait,
        Duration longestWait) {
    private static final Set<String> SCHEMES = Set.of("ws", "wss");

    public ChainSettings {
        urls = List.copyOf(urls);
        if (urls.isEmpty()) {
            throw new IllegalArgumentException("a chain needs the URL of a node");
        }
        for (URI url : urls) {
            if (!SCHEMES.contains(String.valueOf(url.getScheme())) || url.getHost() == null) {
                throw new IllegalArgumentException(
                        url + " is no URL of a node: ws://host:port or wss://host expected");
            }
        }
    }

    /** With what suits the public chain, which makes a block every six seconds. */
    public static ChainSettings of(List<URI> urls) {
        return new ChainSettings(
                urls,
                Duration.ofSeconds(10),
                Duration.ofSeconds(2),
                Duration.ofSeconds(5),
                Duration.ofSeconds(60),
                Duration.ofSeconds(15),
                Duration.ofMillis(200),
                Duration.ofSeconds(30));
    }
}
