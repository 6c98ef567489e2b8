package dev.rmb.bench.table;

import dev.rmb.bench.figure.Figures;
import dev.rmb.bench.figure.Spread;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The table as Markdown, which is also good to read as it is. */
public final class TableText {
    private TableText() {}

    /** Its first two lines. */
    public static List<String> head() {
        return List.of(
                "| measure | figure | target | measured | | hub in memory | reference |",
                "| --- | --- | --- | --- | --- | --- | --- |");
    }

    /** The lines of one row. */
    public static List<String> lines(RowReport row) {
        List<String> lines = new ArrayList<>();
        for (RowReport.Measured figure : row.figures()) {
            String title = lines.isEmpty() ? row.title() : "";
            lines.add(
                    "| %s | %s | %s | %s | %s | %s | %s |"
                            .formatted(
                                    title,
                                    figure.name(),
                                    figure.goal(),
                                    spread(figure.measured()),
                                    verdict(figure.isMet()),
                                    figure.limit() == null
                                            ? ""
                                            : Figures.text(figure.limit().median()),
                                    figure.reference()));
        }
        if (!row.isPerfect()) {
            lines.add(
                    "| %s | **messages were lost, duplicated or reordered** | | | | | |"
                            .formatted(row.title()));
        }
        return lines;
    }

    private static String verdict(@Nullable Boolean isMet) {
        if (isMet == null) {
            return "";
        }
        return isMet ? "met" : "missed";
    }

    private static String spread(Spread spread) {
        String median = "**" + Figures.text(spread.median()) + "**";
        return spread.rounds() == 1
                ? median
                : median
                        + " (%s–%s)"
                                .formatted(
                                        Figures.text(spread.lowest()),
                                        Figures.text(spread.highest()));
    }
}
