package dev.rmb.bench.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.DoubleStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

class LatencyChartTest {
    private static Document parsed(LatencyChart chart) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(chart.svg().getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void eachTargetHasItsMedianAndItsTail() throws Exception {
        var chart =
                new LatencyChart(
                        "a < b & c",
                        List.of(
                                new LatencyChart.Line(
                                        "up",
                                        List.of(
                                                new LatencyChart.Point(1_000, 0.1, 1, true),
                                                new LatencyChart.Point(10_000, 10, 100, false))),
                                new LatencyChart.Line(
                                        "hub",
                                        List.of(new LatencyChart.Point(1_000, 0.1, 0.2, true)))));

        Document svg = parsed(chart);

        assertThat(svg.getDocumentElement().getNamespaceURI()).isNull();
        assertThat(svg.getDocumentElement().getTagName()).isEqualTo("svg");
        assertThat(svg.getElementsByTagName("polyline").getLength()).isEqualTo(4);
        assertThat(svg.getElementsByTagName("circle").getLength()).isEqualTo(6);
        assertThat(chart.svg()).contains("a &lt; b &amp; c", "up: median", "hub: median");
        // Bottom left for the least of both, hollow where it did not keep up.
        Element median = (Element) svg.getElementsByTagName("polyline").item(0);
        assertThat(median.getAttribute("points")).isEqualTo("80.0,460.0 830.0,193.3");
        Element last = (Element) svg.getElementsByTagName("circle").item(2);
        assertThat(last.getAttribute("fill")).isEqualTo("#ffffff");
        assertThat(last.getTextContent()).isEqualTo("10,000 msg/s: 10.000 ms");
    }

    @Test
    void aChartOfNothingIsAChart() throws Exception {
        Document svg = parsed(new LatencyChart("nothing", List.of()));
        assertThat(svg.getElementsByTagName("polyline").getLength()).isZero();
    }

    @Test
    void axesHaveWholeDecades() {
        LogAxis axis = LogAxis.of(DoubleStream.of(0.2, 0, 30));
        assertThat(axis.ticks()).containsExactly(0.1, 1.0, 10.0, 100.0);
        assertThat(axis.at(0.1)).isZero();
        assertThat(axis.at(100)).isEqualTo(1);
        assertThat(axis.at(0)).as("what has no logarithm").isZero();
        assertThat(axis.at(1e9)).as("what is beyond").isEqualTo(1);
        assertThat(LogAxis.of(DoubleStream.of(10, 10)).ticks()).containsExactly(10.0, 100.0);
    }
}
