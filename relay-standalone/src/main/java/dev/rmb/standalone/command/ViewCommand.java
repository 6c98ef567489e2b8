package dev.rmb.standalone.command;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Lists of the admin API as tables, or as lines of JSON. */
@Command(
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {
            "0:all is printed",
            "1:there was no answer, or the relay refused",
            "2:wrong command line",
            "7:what is printed is not complete: pods did not answer"
        })
abstract class ViewCommand implements Callable<Integer> {
    static final String GAP = "  ";
    private static final String NOTHING = "-";
    private static final String EACH = "/*/";

    @Mixin private AdminOptions relay = new AdminOptions();

    @Option(names = "--json", description = "print each item as a line of JSON")
    private boolean json;

    @SuppressWarnings("NullAway.Init")
    @Spec
    private CommandSpec spec;

    /** Below {@code /api/v1/}, with its query. */
    abstract String path();

    /** Of the array in the answer. */
    abstract String items();

    /**
     * What a table shows: paths in an item, parts separated by a slash; a star is each element of a
     * list.
     */
    abstract List<String> columns();

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        Set<String> missing = new LinkedHashSet<>();
        try (AdminApi api = relay.open()) {
            List<JsonNode> found = new ArrayList<>();
            String cursor = "";
            do {
                JsonNode page = page(api, cursor);
                page.path("missing")
                        .forEach(m ->
                                missing.add(
                                        m.path("pod").asText() + ": " + m.path("reason").asText()));
                if (!page.path("complete").asBoolean(true)) {
                    missing.add("some of it: there was too much to be read in time");
                }
                if (!json) {
                    remarks(page).forEach(err::println);
                }
                page.path(items()).forEach(found::add);
                cursor = page.path("next").asText("");
            } while (!cursor.isEmpty());
            if (json) {
                found.forEach(out::println);
            } else {
                table(found, out);
                found.forEach(item -> details(item).forEach(out::println));
            }
        }
        out.flush();
        missing.forEach(one -> err.println("relay: without " + one));
        err.flush();
        return missing.isEmpty() ? 0 : ExitCode.INCOMPLETE;
    }

    /** What is worth saying of an answer, beside its items. */
    List<String> remarks(JsonNode page) {
        return List.of();
    }

    /** Lines about an item, below the table. */
    List<String> details(JsonNode item) {
        return List.of();
    }

    private JsonNode page(AdminApi api, String cursor) {
        String query =
                cursor.isEmpty()
                        ? ""
                        : (path().indexOf('?') < 0 ? "?" : "&") + "cursor=" + encoded(cursor);
        JsonNode page = api.call("GET", path() + query, null);
        if (page == null) {
            throw new CommandException("the relay answered without a list");
        }
        return page;
    }

    private void table(List<JsonNode> found, PrintWriter out) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(columns());
        for (JsonNode item : found) {
            rows.add(columns().stream().map(column -> text(item, column)).toList());
        }
        int[] widths = new int[columns().size()];
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                String cell = row.get(i);
                line.append(cell).repeat(' ', widths[i] - cell.length()).append(GAP);
            }
            out.println(line.toString().stripTrailing());
        }
    }

    private static String text(JsonNode item, String column) {
        int each = column.indexOf(EACH);
        if (each >= 0) {
            // Where all say the same, it is said once.
            Set<String> values = new LinkedHashSet<>();
            item.at("/" + column.substring(0, each))
                    .forEach(
                            part -> values.add(text(part, column.substring(each + EACH.length()))));
            return values.isEmpty() ? NOTHING : String.join(",", values);
        }
        JsonNode value = item.at("/" + column);
        if (value.isContainerNode()) {
            List<String> parts = new ArrayList<>();
            value.forEach(part -> parts.add(part.asText()));
            return String.join(",", parts);
        }
        return value.isMissingNode() ? NOTHING : value.asText();
    }

    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    @Command(
            name = "sessions",
            description = "Lists who is connected, at all gateways.",
            mixinStandardHelpOptions = true)
    static final class Sessions extends ViewCommand {
        @Option(names = "--twin", paramLabel = "ID", description = "of this twin only")
        private @Nullable Long twin;

        @Override
        String path() {
            return "sessions?limit=1000" + (twin == null ? "" : "&twin=" + twin);
        }

        @Override
        String items() {
            return "sessions";
        }

        @Override
        List<String> columns() {
            return List.of(
                    "id",
                    "address",
                    "pod",
                    "transport",
                    "remote",
                    "since",
                    "received/messages",
                    "delivered/messages",
                    "unconfirmed");
        }
    }

    @Command(
            name = "mailboxes",
            description = "Lists what is stored for whom.",
            mixinStandardHelpOptions = true)
    static final class Mailboxes extends ViewCommand {
        @Option(
                names = "--order",
                paramLabel = "ORDER",
                defaultValue = "twin",
                description = "twin, depth or age (default: ${DEFAULT-VALUE})")
        private String order = "twin";

        @Override
        String path() {
            return "mailboxes?limit=1000&order=" + encoded(order);
        }

        @Override
        String items() {
            return "mailboxes";
        }

        @Override
        List<String> columns() {
            return List.of("id", "messages", "bytes", "oldest", "partition", "pod");
        }
    }

    @Command(
            name = "partitions",
            description = "Lists who owns each part of the log.",
            mixinStandardHelpOptions = true)
    static final class Partitions extends ViewCommand {
        @Override
        String path() {
            return "partitions?limit=1000";
        }

        @Override
        String items() {
            return "partitions";
        }

        @Override
        List<String> columns() {
            return List.of(
                    "partition",
                    "state",
                    "owner",
                    "epoch",
                    "lag",
                    "lagMs",
                    "watermarkLag",
                    "standbys",
                    "standbyLag",
                    "sessions",
                    "mailboxMessages");
        }
    }

    @Command(
            name = "pods",
            description = "Lists gateways and routers.",
            mixinStandardHelpOptions = true)
    static final class Pods extends ViewCommand {
        @Override
        String path() {
            return "pods?limit=1000";
        }

        @Override
        String items() {
            return "pods";
        }

        @Override
        List<String> columns() {
            return List.of(
                    "name",
                    "roles",
                    "state",
                    "version",
                    "sessions",
                    "partitions",
                    "cpu",
                    "heapUsedBytes",
                    "uptimeSeconds");
        }
    }

    @Command(
            name = "limits",
            description = "Lists limits: configured, changed, and in force in all pods.",
            mixinStandardHelpOptions = true)
    static final class Limits extends ViewCommand {
        @Override
        String path() {
            return "limits?limit=1000";
        }

        @Override
        String items() {
            return "limits";
        }

        @Override
        List<String> columns() {
            return List.of(
                    "name", "pods/*/configured", "changed", "pods/*/inForce", "since", "reason");
        }
    }

    @Command(name = "bans", description = "Lists who is kept out.", mixinStandardHelpOptions = true)
    static final class Bans extends ViewCommand {
        @Override
        String path() {
            return "bans?limit=1000";
        }

        @Override
        String items() {
            return "bans";
        }

        @Override
        List<String> columns() {
            return List.of("id", "since", "expires", "reason");
        }
    }

    @Command(
            name = "trace",
            description = "Tells where a message is and what became of it.",
            mixinStandardHelpOptions = true)
    static final class Trace extends ViewCommand {
        @Parameters(
                index = "0",
                paramLabel = "UID",
                description = "of the envelope, as its sender chose it")
        private String uid = "";

        @Parameters(index = "1", paramLabel = "DESTINATION", description = "7 or 7:laptop")
        private String destination = "";

        @Option(
                names = "--from",
                paramLabel = "TIME",
                description = "such as 2030-01-31T12:00:00Z (default: an hour ago)")
        private @Nullable String from;

        @Override
        String path() {
            return "traces?uid="
                    + encoded(uid)
                    + "&destination="
                    + encoded(destination)
                    + (from == null ? "" : "&from=" + encoded(from));
        }

        @Override
        String items() {
            return "messages";
        }

        @Override
        List<String> columns() {
            return List.of("accepted", "source", "destination", "offset", "owner", "state", "why");
        }

        @Override
        List<String> remarks(JsonNode page) {
            List<String> lines = new ArrayList<>();
            JsonNode searched = page.path("searched");
            String range =
                    "between %s and %s"
                            .formatted(
                                    searched.path("from").asText(), searched.path("to").asText());
            if (!searched.path("complete").asBoolean(true)) {
                lines.add(
                        "relay: there is more in the log %s than could be read in time: narrow it"
                                .formatted(range));
            } else if (page.path(items()).isEmpty()) {
                lines.add("relay: the log has no such message " + range);
            }
            page.path("events").forEach(event -> lines.add("relay: " + line(event)));
            return lines;
        }

        @Override
        List<String> details(JsonNode item) {
            List<String> lines = new ArrayList<>();
            item.path("events").forEach(event -> lines.add(GAP + line(event)));
            return lines;
        }

        private static String line(JsonNode event) {
            return (event.path("at").asText()
                            + GAP
                            + event.path("pod").asText()
                            + GAP
                            + event.path("what").asText()
                            + GAP
                            + event.path("detail").asText(""))
                    .strip();
        }
    }
}
