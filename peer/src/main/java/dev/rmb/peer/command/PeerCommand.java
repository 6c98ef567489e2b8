package dev.rmb.peer.command;

import dev.rmb.peer.RmbPeer;
import dev.rmb.peer.redis.RedisAddress;
import dev.rmb.peer.redis.RedisStore;
import dev.rmb.peer.redis.StoreException;
import dev.rmb.peer.resp.EmbeddedRedis;
import dev.rmb.peer.resp.EmbeddedRedisSettings;
import dev.rmb.peer.twin.OwnTwin;
import dev.rmb.peer.upload.UploadSettings;
import dev.rmb.protocol.identity.EncryptionKey;
import dev.rmb.protocol.identity.KeyPair;
import dev.rmb.protocol.identity.KeyType;
import dev.rmb.tfchain.Chain;
import dev.rmb.tfchain.ChainSettings;
import dev.rmb.twins.CacheSettings;
import dev.rmb.twins.RelayTwinDirectory;
import dev.rmb.twins.TfchainTwinDirectory;
import dev.rmb.twins.TwinDirectory;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ./rmb-peer}. */
@Command(
        name = "rmb-peer",
        mixinStandardHelpOptions = true,
        versionProvider = PeerCommand.Version.class,
        sortOptions = false,
        description = {
            "Brings messages from lists of a local Redis to other twins, and theirs to",
            "lists of their own: services here need no keys and no connections.",
            ""
        },
        footer = {
            "",
            "The first line that it prints is \"ready twin=ID redis=ADDRESS\". Ctrl-C ends it.",
            "Exit codes: 0 success, 1 failure, 2 wrong command line."
        })
public final class PeerCommand implements Callable<Integer> {
    private static final Logger log = LoggerFactory.getLogger(PeerCommand.class);
    private static final long CACHED_TWINS = 100_000;
    private static final Duration UNKNOWN_FOR = Duration.ofSeconds(10);
    private static final int STOP_SECONDS = 25;
    private static final Set<String> RELAY_SCHEMES = Set.of("ws", "wss");

    @SuppressWarnings("NullAway.Init") // set by picocli
    @Spec
    private CommandSpec spec;

    @Mixin private final SecretOptions secret = new SecretOptions();

    @Option(
            names = {"-k", "--key-type"},
            paramLabel = "TYPE",
            defaultValue = "sr25519",
            description = "sr25519 or ed25519 (default: ${DEFAULT-VALUE})")
    private KeyType keyType = KeyType.SR25519;

    @Option(
            names = {"-r", "--redis"},
            paramLabel = "ADDRESS",
            defaultValue = "redis://localhost:6379",
            description =
                    "redis://[:password@]host:port, rediss://host, unix:///path; \"embedded\" or"
                            + " \"embedded:PORT\" starts a small one within (default:"
                            + " ${DEFAULT-VALUE})")
    private String redis = "redis://localhost:6379";

    @Option(
            names = {"-s", "--substrate"},
            paramLabel = "URL",
            defaultValue = "wss://tfchain.grid.tf:443",
            description = "a node of the chain; may be repeated (default: ${DEFAULT-VALUE})")
    private List<URI> substrate = new ArrayList<>();

    @Option(
            names = "--registry",
            paramLabel = "URL",
            description = "a relay whose own registry says who is who, instead of a chain")
    private @Nullable URI registry;

    @Option(
            names = "--relay",
            paramLabel = "URL",
            defaultValue = "wss://relay.grid.tf:443",
            description = "a relay; may be repeated, up to 4 times (default: ${DEFAULT-VALUE})")
    private List<URI> relays = new ArrayList<>();

    @Option(
            names = {"-u", "--uploads"},
            paramLabel = "DIR",
            description = "take files of other twins, and send files, in this directory")
    private @Nullable Path uploads;

    @Option(
            names = "--create-twin",
            description = "register a twin on the chain, if the key has none")
    private boolean createTwin;

    @Option(
            names = "--no-update",
            description = "leave the twin on the chain as it is, even if its relays or key differ")
    private boolean noUpdate;

    @Option(
            names = {"-d", "--debug"},
            description = "tell what becomes of messages; twice tells everything")
    private boolean[] debug = {};

    public static void main(String[] arguments) {
        Logs.configure(0);
        System.exit(line().execute(arguments));
    }

    /** The command, with its errors told to the user rather than as stack traces. */
    static CommandLine line() {
        CommandLine line = new CommandLine(new PeerCommand());
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setExecutionExceptionHandler((failure, command, parsed) -> {
            if (failure instanceof CommandException) {
                command.getErr().println("rmb-peer: " + failure.getMessage());
            } else {
                failure.printStackTrace(command.getErr());
            }
            return command.getCommandSpec().exitCodeOnExecutionException();
        });
        return line;
    }

    /** Of the jar. */
    static final class Version implements CommandLine.IVersionProvider {
        static String number() {
            String built = PeerCommand.class.getPackage().getImplementationVersion();
            return built == null ? "development" : built;
        }

        @Override
        public String[] getVersion() {
            return new String[] {"rmb-peer " + number()};
        }
    }

    @Override
    public Integer call() throws InterruptedException {
        Logs.configure(debug.length);
        check();
        String words = secret.secret(System.getenv());
        var ended = new CountDownLatch(1);
        try (KeyPair keys = keys(words);
                EncryptionKey encryption = encryption(words);
                Directory directory = Directory.open(registry, substrate)) {
            serve(keys, encryption, directory, ended);
        } finally {
            ended.countDown();
        }
        return 0;
    }

    private void serve(
            KeyPair keys, EncryptionKey encryption, Directory directory, CountDownLatch ended)
            throws InterruptedException {
        long twin = ownTwin(keys, encryption, directory);
        try (Redis local = Redis.open(redis)) {
            RmbPeer peer = peer(twin, keys, encryption, directory, local);
            try {
                spec.commandLine()
                        .getOut()
                        .println("ready twin=" + twin + " redis=" + local.address());
                spec.commandLine().getOut().flush();
                awaitStop(ended);
                log.info("Stopping");
            } finally {
                peer.close();
            }
        }
    }

    private RmbPeer peer(
            long twin, KeyPair keys, EncryptionKey encryption, Directory directory, Redis local) {
        try {
            return RmbPeer.start(
                    new RmbPeer.Identity(twin, keys, encryption),
                    new RmbPeer.Settings(
                            relays,
                            uploads == null ? null : UploadSettings.in(uploads),
                            Version.number()),
                    directory.twins(),
                    local.store());
        } catch (IOException e) {
            throw new CommandException("--uploads: " + e, e);
        }
    }

    private void check() {
        if (relays.size() > RmbPeer.MAX_RELAYS) {
            throw new CommandException(
                    "the number of relays should not exceed " + RmbPeer.MAX_RELAYS);
        }
        for (URI relay : relays) {
            if (!RELAY_SCHEMES.contains(String.valueOf(relay.getScheme()))
                    || relay.getHost() == null) {
                throw new CommandException(
                        relay + " is no relay: wss://host or ws://host:port is expected");
            }
        }
        if (registry != null && createTwin) {
            throw new CommandException(
                    "twins of a relay's registry are created there: see ./relay twin create --help");
        }
    }

    private KeyPair keys(String words) {
        try {
            return KeyPair.of(keyType, words);
        } catch (RuntimeException e) {
            throw new CommandException("the secret cannot be used: " + e.getMessage(), e);
        }
    }

    private static EncryptionKey encryption(String words) {
        try {
            return EncryptionKey.of(words);
        } catch (RuntimeException e) {
            throw new CommandException(
                    "the secret gives no key for encryption: " + e.getMessage(), e);
        }
    }

    private long ownTwin(KeyPair keys, EncryptionKey encryption, Directory directory)
            throws InterruptedException {
        var own = new OwnTwin(keys, encryption, relays);
        try {
            URI where = registry;
            if (where != null) {
                return own.inDirectory(directory.twins(), where.toString());
            }
            try (Chain chain = Chain.start(ChainSettings.of(substrate), null)) {
                return own.onChain(chain, new OwnTwin.Changes(createTwin, !noUpdate));
            }
        } catch (OwnTwin.NotFoundException e) {
            throw new CommandException(e.getMessage(), e);
        }
    }

    /**
     * Waits for the process to be asked to end.
     *
     * @param ended the process ends when that is done, or takes too long
     */
    private static void awaitStop(CountDownLatch ended) throws InterruptedException {
        var asked = new CountDownLatch(1);
        Runtime.getRuntime()
                .addShutdownHook(
                        new Thread(
                                () -> {
                                    asked.countDown();
                                    awaitEnd(ended);
                                },
                                "shutdown"));
        asked.await();
    }

    private static void awaitEnd(CountDownLatch ended) {
        try {
            if (!ended.await(STOP_SECONDS, TimeUnit.SECONDS)) {
                log.warn("Stopping takes too long");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Who is who, and what is needed to ask. */
    private record Directory(TwinDirectory twins, @Nullable HttpClient http)
            implements AutoCloseable {
        static Directory open(@Nullable URI registry, List<URI> nodes) {
            try {
                if (registry == null) {
                    return new Directory(
                            TfchainTwinDirectory.start(
                                    ChainSettings.of(nodes),
                                    new CacheSettings(CACHED_TWINS, UNKNOWN_FOR)),
                            null);
                }
                HttpClient http =
                        HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
                return new Directory(
                        new RelayTwinDirectory(List.of(registry), http, CACHED_TWINS), http);
            } catch (IllegalArgumentException e) {
                throw new CommandException(e.getMessage(), e);
            }
        }

        @Override
        public void close() {
            twins.close();
            if (http != null) {
                http.shutdownNow();
            }
        }
    }

    /** The Redis in use, and the embedded one if that is it. */
    private record Redis(RedisStore store, String address, @Nullable EmbeddedRedis embedded)
            implements AutoCloseable {
        static Redis open(String address) {
            EmbeddedRedis started = null;
            try {
                if (!EmbeddedRedisSettings.isMeantBy(address)) {
                    var where = new RedisAddress(address);
                    return new Redis(RedisStore.connect(where), where.toString(), null);
                }
                EmbeddedRedisSettings settings = EmbeddedRedisSettings.parse(address);
                started = EmbeddedRedis.start(settings);
                var where = new RedisAddress(settings.address(started.port()));
                return new Redis(RedisStore.connect(where), where.toString(), started);
            } catch (IllegalArgumentException e) {
                throw new CommandException("--redis: " + e.getMessage(), e);
            } catch (IOException e) {
                throw new CommandException(e.getMessage(), e);
            } catch (StoreException e) {
                if (started != null) {
                    started.close();
                }
                throw new CommandException(
                        e.getMessage() + ". Start one, or try --redis embedded", e);
            }
        }

        @Override
        public void close() {
            store.close();
            if (embedded != null) {
                embedded.close();
            }
        }
    }
}
