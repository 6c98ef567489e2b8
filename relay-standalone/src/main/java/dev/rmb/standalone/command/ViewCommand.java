package dev.rmb.standalone.command;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Lists of the admin API as tables, or as lines of JSON. */
abstract class ViewCommand implements Runnable {
    private static final String GAP = "  ";

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

    /** What a table shows: paths in an item, parts separated by a slash. */
    abstract List<String> columns();

    @Override
    public void run() {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        try (AdminApi api = relay.open()) {
            List<JsonNode> found = new ArrayList<>();
            String cursor = "";
            do {
                JsonNode page = page(api, cursor);
                page.path("missing")
                        .forEach(m ->
                                err.printf(
                                        "relay: without %s: %s%n",
                                        m.path("pod").asText(), m.path("reason").asText()));
                page.path(items()).forEach(found::add);
                cursor = page.path("next").asText("");
            } while (!cursor.isEmpty());
            if (json) {
                found.forEach(out::println);
            } else {
                table(found, out);
            }
        }
        out.flush();
        err.flush();
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
        JsonNode value = item.at("/" + column);
        if (value.isArray()) {
            List<String> parts = new ArrayList<>();
            value.forEach(part -> parts.add(part.asText()));
            return String.join(",", parts);
        }
        return value.isMissingNode() ? "-" : value.asText();
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
                    "standbys",
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
            name = "trace",
            description = "Tells where a message is and what became of it.",
            mixinStandardHelpOptions = true)
    static final class Trace extends ViewCommand {
        @Parameters(index = "0", paramLabel = "UID")
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
    }
}
