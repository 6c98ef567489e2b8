package dev.rmb.server.admin;

import com.codahale.metrics.Counter;
import com.codahale.metrics.Gauge;
import com.codahale.metrics.Histogram;
import com.codahale.metrics.Meter;
import com.codahale.metrics.Metric;
import com.codahale.metrics.MetricRegistry;
import com.codahale.metrics.Snapshot;
import com.codahale.metrics.Timer;
import dev.rmb.server.metrics.StageTimes;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Metrics in Prometheus's text format, version 0.0.4. A metric's name may carry labels as
 * Prometheus writes them: {@code rmb_stage_seconds{stage="accept"}}. Counters and meters become
 * counters, those of ours without {@code _total} gauges, numeric gauges gauges unless they end with
 * {@code _total}, histograms and timers summaries, timers in seconds; {@link StageTimes} become
 * histograms.
 *
 * <p>Written here because the libraries that know Dropwizard's metrics either are no longer kept,
 * or insist on a name's suffix, where dashboards of the reference relay have names without.
 */
final class PrometheusText {
    static final String MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private static final Logger log = LoggerFactory.getLogger(PrometheusText.class);
    private static final String OWN = "rmb_";
    private static final String TOTAL = "_total";
    private static final double[] QUANTILES = {0.5, 0.9, 0.99, 0.999};
    private static final double NANOS = TimeUnit.SECONDS.toNanos(1);

    private final StringBuilder text = new StringBuilder();
    private String family = "";

    private PrometheusText() {}

    static String of(MetricRegistry registry) {
        // By name, then labels: the series of one name stand together.
        var ordered = new TreeMap<Series, Metric>();
        registry.getMetrics().forEach((name, metric) -> ordered.put(Series.parse(name), metric));
        var writer = new PrometheusText();
        for (Map.Entry<Series, Metric> entry : ordered.entrySet()) {
            writer.write(entry.getKey(), entry.getValue());
        }
        return writer.text.toString();
    }

    /**
     * @param labels without braces; may be empty
     */
    private record Series(String name, String labels) implements Comparable<Series> {
        static Series parse(String written) {
            int brace = written.indexOf('{');
            String name = brace < 0 ? written : written.substring(0, brace);
            String labels =
                    brace < 0 || !written.endsWith("}")
                            ? ""
                            : written.substring(brace + 1, written.length() - 1);
            String legal = name.replaceAll("[^a-zA-Z0-9_:]", "_");
            return new Series(
                    legal.isEmpty() || Character.isDigit(legal.charAt(0)) ? "_" + legal : legal,
                    labels);
        }

        /** Ours say it by their name; of the reference's those that are counters here do. */
        boolean onlyGrows() {
            return !name.startsWith(OWN) || isTotal();
        }

        boolean isTotal() {
            return name.endsWith(TOTAL);
        }

        @Override
        public int compareTo(Series other) {
            int byName = name.compareTo(other.name);
            return byName != 0 ? byName : labels.compareTo(other.labels);
        }
    }

    private void write(Series series, Metric metric) {
        if (metric instanceof Counter counter) {
            single(series, series.onlyGrows() ? "counter" : "gauge", (double) counter.getCount());
        } else if (metric instanceof Meter meter) {
            single(series, "counter", (double) meter.getCount());
        } else if (metric instanceof Timer timer) {
            summary(series, timer.getSnapshot(), timer.getCount(), NANOS);
        } else if (metric instanceof Histogram histogram) {
            summary(series, histogram.getSnapshot(), histogram.getCount(), 1);
        } else if (metric instanceof StageTimes times) {
            histogram(series, times);
        } else if (metric instanceof Gauge<?> gauge) {
            gauge(series, gauge);
        }
    }

    private void gauge(Series series, Gauge<?> gauge) {
        Object value;
        try {
            value = gauge.getValue();
        } catch (RuntimeException e) {
            log.debug("The gauge {} cannot be read", series.name(), e);
            return;
        }
        if (value instanceof Number number) {
            single(series, series.isTotal() ? "counter" : "gauge", number.doubleValue());
        } else if (value instanceof Boolean bool) {
            single(series, "gauge", bool ? 1 : 0);
        }
    }

    private void single(Series series, String type, double value) {
        type(series, type);
        sample(series.name(), series.labels(), value);
    }

    private void summary(Series series, Snapshot snapshot, long count, double unit) {
        type(series, "summary");
        for (double quantile : QUANTILES) {
            String label = "quantile=\"" + quantile + "\"";
            sample(series.name(), with(series.labels(), label), snapshot.getValue(quantile) / unit);
        }
        sample(series.name() + "_count", series.labels(), (double) count);
    }

    private void histogram(Series series, StageTimes times) {
        type(series, "histogram");
        long count = 0;
        for (int bucket = 0; bucket < times.buckets(); bucket++) {
            count += times.count(bucket);
            sample(
                    series.name() + "_bucket",
                    with(series.labels(), "le=\"" + number(times.upperBound(bucket)) + '"'),
                    (double) count);
        }
        sample(series.name() + "_sum", series.labels(), times.sumSeconds());
        // Of the same buckets: what is recorded meanwhile is in none of these lines or in all.
        sample(series.name() + "_count", series.labels(), (double) count);
    }

    private static String with(String labels, String more) {
        return labels.isEmpty() ? more : labels + "," + more;
    }

    private void type(Series series, String type) {
        if (!series.name().equals(family)) {
            family = series.name();
            text.append("# TYPE ").append(family).append(' ').append(type).append('\n');
        }
    }

    private void sample(String name, String labels, double value) {
        text.append(name);
        if (!labels.isEmpty()) {
            text.append('{').append(labels).append('}');
        }
        text.append(' ').append(number(value)).append('\n');
    }

    private static String number(double value) {
        if (value == Math.rint(value) && Math.abs(value) < 1L << 53) {
            return Long.toString((long) value);
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "+Inf" : "-Inf";
        }
        return Double.toString(value);
    }
}
