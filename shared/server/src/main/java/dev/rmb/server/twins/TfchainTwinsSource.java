package dev.rmb.server.twins;

import com.codahale.metrics.Gauge;
import com.codahale.metrics.MetricRegistry;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonTypeName;
import dev.rmb.kafka.KafkaSettings;
import dev.rmb.tfchain.ChainSettings;
import dev.rmb.twins.CacheSettings;
import dev.rmb.twins.TfchainTwinDirectory;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * {@code type: tfchain}: the public chain or another of its kind.
 *
 * @param urls of its nodes; one is used at a time, the next when it fails
 * @param answerTimeout for a node's answer; one that takes longer is left for the next
 * @param lookUpTimeout for a look-up, whatever nodes it takes
 * @param blockTimeout how long a node may have no new block before it is left for the next
 * @param cacheSize twins kept in memory
 * @param unknownFor how long it is believed that there is no such twin
 */
@JsonTypeName("tfchain")
public record TfchainTwinsSource(
        List<String> urls,
        @JsonProperty(defaultValue = "2s") Duration answerTimeout,
        @JsonProperty(defaultValue = "5s") Duration lookUpTimeout,
        @JsonProperty(defaultValue = "60s") Duration blockTimeout,
        @JsonProperty(defaultValue = "100000") int cacheSize,
        @JsonProperty(defaultValue = "10s") Duration unknownFor)
        implements TwinsSource {
    public TfchainTwinsSource {
        urls = List.copyOf(urls);
        var unusedChain = chain(urls, answerTimeout, lookUpTimeout, blockTimeout);
        var unusedCache = new CacheSettings(cacheSize, unknownFor);
        if (answerTimeout.toMillis() < 1
                || lookUpTimeout.toMillis() < 1
                || blockTimeout.toMillis() < 1) {
            throw new IllegalArgumentException("times must be at least 1ms");
        }
    }

    private static ChainSettings chain(
            List<String> urls,
            Duration answerTimeout,
            Duration lookUpTimeout,
            Duration blockTimeout) {
        ChainSettings usual = ChainSettings.of(urls.stream().map(URI::create).toList());
        return new ChainSettings(
                usual.urls(),
                usual.connect(),
                answerTimeout,
                lookUpTimeout,
                blockTimeout,
                usual.keepAlive(),
                usual.firstWait(),
                usual.longestWait());
    }

    /** Does not wait for a node: without one, unknown twins are refused until there is one. */
    @Override
    public OpenTwins open(KafkaSettings kafka, MetricRegistry metrics) {
        TfchainTwinDirectory directory =
                TfchainTwinDirectory.start(
                        chain(urls, answerTimeout, lookUpTimeout, blockTimeout),
                        new CacheSettings(cacheSize, unknownFor));
        gauge(metrics, "rmb_twins_hits_total", () -> directory.counts().hits());
        gauge(metrics, "rmb_twins_stale_total", () -> directory.counts().stale());
        gauge(metrics, "rmb_twins_look_ups_total", () -> directory.counts().misses());
        gauge(metrics, "rmb_twins_failed_look_ups_total", () -> directory.counts().failures());
        gauge(metrics, "rmb_twins_cached", directory::size);
        gauge(metrics, "rmb_twins_following", () -> directory.isFollowing() ? 1L : 0L);
        return new OpenTwins(directory, Optional.empty());
    }

    private static void gauge(MetricRegistry metrics, String name, Gauge<Long> gauge) {
        var _ = metrics.gauge(name, () -> gauge);
    }
}
