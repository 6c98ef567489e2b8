package dev.rmb.bench.chart;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;

/**
 * Latency over load as a picture: for each target two lines, its median and its 99th percentile,
 * both axes logarithmic. A point at which the target no longer kept up is hollow.
 */
public final class LatencyChart {
    private static final int WIDTH = 860;
    private static final int HEIGHT = 520;
    private static final int LEFT = 80;
    private static final int RIGHT = 30;
    private static final int TOP = 60;
    private static final int BOTTOM = 60;

    /** Told apart by people who do not see all colours, too. */
    private static final List<String> COLORS = List.of("#0072b2", "#d55e00", "#009e73", "#cc79a7");

    private final String title;
    private final List<Line> lines;
    private final LogAxis load;
    private final LogAxis latency;

    /**
     * What was measured at one load.
     *
     * @param messagesPerSecond that were offered
     * @param p50Millis the median
     * @param p99Millis 99 of 100 are below
     * @param keptUp whether they were carried
     */
    public record Point(
            double messagesPerSecond, double p50Millis, double p99Millis, boolean keptUp) {}

    /**
     * A target.
     *
     * @param points in order of their load
     */
    public record Line(String name, List<Point> points) {
        public Line {
            points = List.copyOf(points);
        }
    }

    /** A chart of these. */
    public LatencyChart(String title, List<Line> lines) {
        this.title = title;
        this.lines = List.copyOf(lines);
        load =
                LogAxis.of(
                        lines.stream()
                                .flatMap(line -> line.points().stream())
                                .mapToDouble(Point::messagesPerSecond));
        latency =
                LogAxis.of(
                        lines.stream()
                                .flatMap(line -> line.points().stream())
                                .flatMapToDouble(point ->
                                        DoubleStream.of(point.p50Millis(), point.p99Millis())));
    }

    /** As SVG, which browsers show and people can read. */
    public String svg() {
        List<String> out = new ArrayList<>();
        out.add(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\""
                                .formatted(WIDTH, HEIGHT)
                        + " font-family=\"sans-serif\" font-size=\"13\">");
        out.add("<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>");
        out.add(text(LEFT, 24, "start", "#000000", title));
        axes(out);
        for (int i = 0; i < lines.size(); i++) {
            line(out, lines.get(i), COLORS.get(i % COLORS.size()), i);
        }
        out.add("</svg>");
        return String.join("\n", out) + "\n";
    }

    private void axes(List<String> out) {
        for (double tick : load.ticks()) {
            double x = x(tick);
            out.add(stroke(x, TOP, x, (double) HEIGHT - BOTTOM, "#dddddd"));
            out.add(text(x, HEIGHT - BOTTOM + 20, "middle", "#444444", number(tick)));
        }
        for (double tick : latency.ticks()) {
            double y = y(tick);
            out.add(stroke(LEFT, y, (double) WIDTH - RIGHT, y, "#dddddd"));
            out.add(text(LEFT - 8, y + 4, "end", "#444444", number(tick)));
        }
        out.add(text(WIDTH - RIGHT, HEIGHT - 16, "end", "#000000", "messages per second"));
        out.add(text(8, TOP - 12, "start", "#000000", "ms"));
    }

    private void line(List<String> out, Line line, String color, int index) {
        List<String> medians = new ArrayList<>();
        List<String> tails = new ArrayList<>();
        for (Point point : line.points()) {
            medians.add(place(point.messagesPerSecond(), point.p50Millis()));
            tails.add(place(point.messagesPerSecond(), point.p99Millis()));
        }
        out.add(polyline(medians, color, ""));
        out.add(polyline(tails, color, " stroke-dasharray=\"6 4\""));
        for (Point point : line.points()) {
            out.add(dot(point, point.p50Millis(), color));
            out.add(dot(point, point.p99Millis(), color));
        }
        out.add(
                text(
                        WIDTH - RIGHT,
                        24 + 18.0 * index,
                        "end",
                        color,
                        line.name() + ": median, p99 (dashed)"));
    }

    private String dot(Point point, double millis, String color) {
        return String.format(
                Locale.ROOT,
                "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3.5\" stroke=\"%s\" fill=\"%s\">"
                        + "<title>%,.0f msg/s: %.3f ms</title></circle>",
                x(point.messagesPerSecond()),
                y(millis),
                color,
                point.keptUp() ? color : "#ffffff",
                point.messagesPerSecond(),
                millis);
    }

    private String place(double messagesPerSecond, double millis) {
        return String.format(Locale.ROOT, "%.1f,%.1f", x(messagesPerSecond), y(millis));
    }

    private double x(double messagesPerSecond) {
        return LEFT + load.at(messagesPerSecond) * (WIDTH - LEFT - RIGHT);
    }

    private double y(double millis) {
        return HEIGHT - BOTTOM - latency.at(millis) * (HEIGHT - TOP - BOTTOM);
    }

    private static String polyline(List<String> places, String color, String more) {
        return "<polyline fill=\"none\" stroke-width=\"2\" stroke=\"%s\" points=\"%s\"%s/>"
                .formatted(color, String.join(" ", places), more);
    }

    private static String stroke(double x1, double y1, double x2, double y2, String color) {
        return String.format(
                Locale.ROOT,
                "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\"/>",
                x1,
                y1,
                x2,
                y2,
                color);
    }

    private static String text(double x, double y, String anchor, String color, String text) {
        return String.format(
                Locale.ROOT,
                "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" fill=\"%s\">%s</text>",
                x,
                y,
                anchor,
                color,
                text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"));
    }

    private static String number(double value) {
        return value >= 1 ? String.format(Locale.ROOT, "%,.0f", value) : Double.toString(value);
    }
}
