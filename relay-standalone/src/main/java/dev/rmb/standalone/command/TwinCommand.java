package dev.rmb.standalone.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rmb.protocol.identity.AccountId;
import dev.rmb.protocol.identity.KeyPair;
import dev.rmb.protocol.identity.KeyType;
import dev.rmb.twins.RelayTwinDirectory;
import dev.rmb.twins.Twin;
import dev.rmb.twins.TwinDirectory;
import dev.rmb.twins.TwinJson;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "twin",
        description = "Looks after the twins in a relay's built-in registry.",
        mixinStandardHelpOptions = true,
        subcommands = {
            TwinCommand.Create.class,
            TwinCommand.ListAll.class,
            TwinCommand.Import.class,
            TwinCommand.Show.class,
            TwinCommand.Find.class,
            TwinCommand.Delete.class
        })
final class TwinCommand {
    /** What the subcommands have in common. */
    abstract static class OnRelay implements Runnable {
        @Mixin private AdminOptions relay = new AdminOptions();

        @SuppressWarnings("NullAway.Init")
        @Spec
        private CommandSpec spec;

        @Override
        public void run() {
            try (AdminApi api = relay.open()) {
                PrintWriter out = spec.commandLine().getOut();
                run(api, out);
                out.flush();
            }
        }

        abstract void run(AdminApi api, PrintWriter out);

        /** Where progress is told. */
        PrintWriter errors() {
            return spec.commandLine().getErr();
        }
    }

    @Command(
            name = "create",
            description = "Registers a twin and prints its record.",
            mixinStandardHelpOptions = true)
    static final class Create extends OnRelay {
        @Option(
                names = "--id",
                paramLabel = "N",
                description = "the twin's id (default: the next free one)")
        private @Nullable Long id;

        @Option(
                names = "--account",
                paramLabel = "HEX|SS58",
                description = "the twin's account, which is its public key")
        private @Nullable String account;

        @Option(
                names = "--mnemonic-file",
                paramLabel = "FILE",
                description =
                        "take the account of this secret; a file that does not exist is made,"
                                + " with a new secret")
        private @Nullable Path mnemonicFile;

        @Option(
                names = "--key-type",
                paramLabel = "TYPE",
                defaultValue = "sr25519",
                description = "of that secret: sr25519 or ed25519 (default: ${DEFAULT-VALUE})")
        private KeyType keyType = KeyType.SR25519;

        @Option(
                names = "--relay",
                paramLabel = "DOMAINS",
                description =
                        "the domains of its relays, joined by '_' (default: those of the relay"
                                + " that registers it)")
        private @Nullable String relay;

        @Option(
                names = "--pk",
                paramLabel = "HEX",
                description =
                        "the key that others encrypt with, as relay key show prints it (default:"
                                + " that of the secret, if one is named)")
        private @Nullable String pk;

        @Override
        void run(AdminApi api, PrintWriter out) {
            ObjectNode twin = JsonNodeFactory.instance.objectNode();
            if (id != null) {
                twin.put("id", id);
            }
            twin.put("account", account().toString());
            if (relay != null) {
                twin.put("relay", relay);
            }
            if (pk != null) {
                twin.put("pk", pk);
            } else if (mnemonicFile != null) {
                byte[] own = SecretOptions.encryptionKey(mnemonicFile);
                twin.put("pk", "0x" + HexFormat.of().formatHex(own));
            }
            out.println(api.call("POST", "twins", twin));
        }

        private AccountId account() {
            String text = account;
            Path file = mnemonicFile;
            if (text != null && file == null) {
                try {
                    return AccountId.parse(text);
                } catch (IllegalArgumentException e) {
                    throw new CommandException("--account: " + e.getMessage(), e);
                }
            }
            if (text != null || file == null) {
                throw new CommandException("name either --account or --mnemonic-file");
            }
            if (Files.notExists(file)) {
                SecretFile.create(file);
            }
            try (KeyPair key = SecretOptions.keyPair(keyType, file)) {
                return key.account();
            }
        }
    }

    @Command(
            name = "list",
            aliases = "export",
            description =
                    "Prints every twin as a line of JSON: what import reads, and --twins file:PATH.",
            mixinStandardHelpOptions = true)
    static final class ListAll extends OnRelay {
        @Override
        void run(AdminApi api, PrintWriter out) {
            String cursor = "";
            do {
                JsonNode page = api.call("GET", "twins?limit=1000" + cursor, null);
                if (page == null) {
                    throw new CommandException("the relay answered without a list");
                }
                page.path("twins").forEach(out::println);
                String next = page.path("next").asText("");
                cursor =
                        next.isEmpty()
                                ? ""
                                : "&cursor=" + URLEncoder.encode(next, StandardCharsets.UTF_8);
            } while (!cursor.isEmpty());
        }
    }

    @Command(
            name = "import",
            description =
                    "Registers the twins of a file of JSON lines, and brings those that exist to"
                            + " what it says. Other twins stay. May be repeated.",
            mixinStandardHelpOptions = true)
    static final class Import extends OnRelay {
        @Parameters(paramLabel = "FILE", description = "as list prints it")
        private Path file = Path.of("twins.jsonl");

        /** How far it is; told on another thread. */
        private final AtomicInteger done = new AtomicInteger();

        @Override
        void run(AdminApi api, PrintWriter out) {
            List<Twin> twins = read();
            int made = 0;
            int changed = 0;
            try (Progress progress =
                    Progress.on(
                            errors(),
                            seconds -> "%d of %d twins".formatted(done.get(), twins.size()))) {
                assert progress != null;
                for (Twin twin : twins) {
                    switch (bring(api, twin)) {
                        case MADE -> made++;
                        case CHANGED -> changed++;
                        case AS_IT_WAS -> {}
                    }
                    done.incrementAndGet();
                }
            }
            out.printf(
                    "%d registered, %d changed, %d as they were%n",
                    made, changed, twins.size() - made - changed);
        }

        private enum Became {
            MADE,
            CHANGED,
            AS_IT_WAS
        }

        private static Became bring(AdminApi api, Twin twin) {
            ObjectNode wanted = TwinJson.write(twin);
            // What the line does not name is not set, and not this relay's domain.
            if (!wanted.has("relay")) {
                wanted.putNull("relay");
            }
            String path = "twins/" + twin.id();
            JsonNode present = api.find(path);
            if (present == null) {
                var _ = api.call("POST", "twins", wanted);
                return Became.MADE;
            }
            if (!TwinJson.read(present.toString()).equals(twin)) {
                var _ = api.call("PUT", path, wanted);
                return Became.CHANGED;
            }
            return Became.AS_IT_WAS;
        }

        /** Before anything is changed: a file with a mistake changes nothing. */
        private List<Twin> read() {
            try (BufferedReader lines = Files.newBufferedReader(file)) {
                return TwinJson.readLines(lines);
            } catch (IOException e) {
                throw new CommandException(file + " cannot be read: " + e.getMessage(), e);
            } catch (IllegalArgumentException e) {
                throw new CommandException(file + ", " + e.getMessage(), e);
            }
        }
    }

    @Command(
            name = "show",
            description = "Prints the record of one twin.",
            mixinStandardHelpOptions = true)
    static final class Show extends OnRelay {
        @Parameters(paramLabel = "ID")
        private long id;

        @Override
        void run(AdminApi api, PrintWriter out) {
            out.println(api.call("GET", "twins/" + id, null));
        }
    }

    @Command(
            name = "find",
            description =
                    "Prints the record of one twin, looked up as clients do: on the relay's public"
                            + " port.",
            mixinStandardHelpOptions = true,
            footer = "%nExit codes: 0 found, 1 failure, 2 wrong command line, 4 no such twin.")
    static final class Find implements Runnable {
        private static final Duration PATIENCE = Duration.ofSeconds(30);

        @Option(
                names = "--relay",
                paramLabel = "URL",
                description = "a relay that has a registry (default: ws://127.0.0.1:8080)")
        private URI relay = URI.create("ws://127.0.0.1:8080");

        @SuppressWarnings("NullAway.Init")
        @Parameters(paramLabel = "ID|ACCOUNT", description = "whom to look up")
        private String who;

        @SuppressWarnings("NullAway.Init")
        @Spec
        private CommandSpec spec;

        @Override
        public void run() {
            try (HttpClient http = HttpClient.newHttpClient();
                    var twins = new RelayTwinDirectory(List.of(relay), http, 1)) {
                PrintWriter out = spec.commandLine().getOut();
                out.println(TwinJson.write(found(twins)));
                out.flush();
            } catch (IllegalArgumentException e) {
                throw new CommandException(String.valueOf(e.getMessage()), e);
            }
        }

        private Twin found(TwinDirectory twins) {
            var answer =
                    who.matches("[0-9]+")
                            ? twins.byId(Long.parseLong(who))
                            : twins.byAccount(AccountId.parse(who));
            try {
                return answer.toCompletableFuture()
                        .get(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                        .orElseThrow(() ->
                                new CommandException(
                                        ExitCode.UNDELIVERABLE,
                                        "there is no twin " + who,
                                        new NoSuchElementException(who)));
            } catch (ExecutionException | TimeoutException e) {
                Throwable cause = e.getCause() == null ? e : e.getCause();
                throw new CommandException(String.valueOf(cause.getMessage()), cause);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new CommandException("interrupted", e);
            }
        }
    }

    @Command(
            name = "delete",
            description = "Removes a twin from the registry.",
            mixinStandardHelpOptions = true)
    static final class Delete extends OnRelay {
        @Parameters(paramLabel = "ID")
        private long id;

        @Override
        void run(AdminApi api, PrintWriter out) {
            var _ = api.call("DELETE", "twins/" + id, null);
        }
    }
}
