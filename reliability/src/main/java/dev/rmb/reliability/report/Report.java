package dev.rmb.reliability.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.rmb.reliability.proof.Findings;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The results of a run.
 *
 * @param outcomes of its scenarios
 */
public record Report(List<Outcome> outcomes) {
    private static final List<String> HEADINGS =
            List.of(
                    "scenario",
                    "sent",
                    "confirmed",
                    "received",
                    "answered",
                    "lost",
                    "reordered",
                    "repeated in session",
                    "repeated later (without excuse)",
                    "longest pause",
                    "stored",
                    "verdict");

    public Report {
        outcomes = List.copyOf(outcomes);
    }

    /** Whether all went well. */
    public boolean isGood() {
        return outcomes.stream().allMatch(Outcome::isGood);
    }

    /** As a table in Markdown, which people read as it is, too. */
    public String markdown() {
        StringBuilder text = new StringBuilder();
        line(text, HEADINGS);
        line(text, HEADINGS.stream().map(_ -> "---").toList());
        for (Outcome outcome : outcomes) {
            line(text, cells(outcome));
        }
        for (Outcome outcome : outcomes) {
            outcome.failures()
                    .forEach(failure ->
                            text.append("\n- ").append(outcome.id()).append(": ").append(failure));
            outcome.notes()
                    .forEach(note ->
                            text.append("\n- ").append(outcome.id()).append(": ").append(note));
        }
        return text.append('\n').toString();
    }

    private static void line(StringBuilder text, List<String> cells) {
        text.append("| ").append(String.join(" | ", cells)).append(" |\n");
    }

    private static List<String> cells(Outcome outcome) {
        String name = outcome.id() + " " + outcome.title();
        String verdict = outcome.isGood() ? "good" : "FAILED";
        Findings found = outcome.findings();
        if (found == null) {
            return List.of(name, "", "", "", "", "", "", "", "", "", "", verdict);
        }
        return List.of(
                name,
                number(found.sent()),
                number(found.confirmed()),
                number(found.received()),
                number(found.answered()),
                number(found.lost()),
                number(found.reordered()),
                number(found.repeatedInSession()),
                number(found.repeated()) + " (" + number(found.repeatedWithoutExcuse()) + ")",
                pause(outcome.longestPauseMs()),
                share(outcome.storeShare()),
                verdict);
    }

    private static String number(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    private static String pause(@Nullable Long ms) {
        return ms == null ? "–" : String.format(Locale.ROOT, "%.2f s", ms / 1e3);
    }

    private static String share(@Nullable Double share) {
        return share == null ? "–" : String.format(Locale.ROOT, "%.2f %%", share * 100);
    }

    /** As JSON. */
    public String json() {
        try {
            return new ObjectMapper()
                    .enable(SerializationFeature.INDENT_OUTPUT)
                    .writeValueAsString(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
