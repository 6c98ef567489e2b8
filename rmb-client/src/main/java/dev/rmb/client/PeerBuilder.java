package dev.rmb.client;

import dev.rmb.protocol.Address;
import dev.rmb.protocol.identity.EncryptionKey;
import dev.rmb.protocol.identity.KeyPair;
import dev.rmb.protocol.identity.KeyType;
import dev.rmb.protocol.identity.Signer;
import dev.rmb.protocol.token.Tokens;
import dev.rmb.twins.RelayTwinDirectory;
import dev.rmb.twins.TwinDirectory;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Describes which twin connects where, and with what keys. At least a relay, the twin and its
 * {@linkplain #secret secret} (or {@linkplain #signer signer}) have to be given.
 *
 * <p>Not thread-safe. One description can connect several times, under different {@linkplain
 * #session sessions}: a relay keeps one connection for each address.
 *
 * @param <B> the builder itself
 */
public abstract sealed class PeerBuilder<B extends PeerBuilder<B>>
        permits RmbSessionBuilder, RmbClientBuilder {
    private static final Duration SHORTEST_TOKEN = Duration.ofMinutes(1);
    private static final Duration LONGEST_TOKEN = Duration.ofMinutes(5);
    private static final int KNOWN_TWINS = 10_000;

    private final Set<URI> relays = new LinkedHashSet<>();
    private long twin;
    private @Nullable String session;
    private KeyType keyType = KeyType.SR25519;
    private @Nullable String secret;
    private @Nullable Signer signer;
    private @Nullable EncryptionKey encryptionKey;
    private Encryption encryption = Encryption.WHEN_POSSIBLE;
    private @Nullable TwinDirectory directory;
    private SessionListener listener = SessionListener.NONE;
    private Duration tokenLifetime = LONGEST_TOKEN;
    private @Nullable SSLContext sslContext;
    private InstantSource clock = InstantSource.system();
    private SessionSettings settings = SessionSettings.DEFAULTS;

    PeerBuilder() {}

    abstract B self();

    /**
     * A relay to connect to. To be given for each of the twin's relays: all of them are connected,
     * and the first that is open is sent over.
     *
     * @param uri {@code wss://host} or {@code ws://host:port}, with a path if the relay is behind
     *     one
     */
    public B relay(URI uri) {
        String scheme = uri.getScheme();
        if (!("ws".equalsIgnoreCase(scheme) || "wss".equalsIgnoreCase(scheme))
                || uri.getHost() == null
                || uri.getRawQuery() != null
                || uri.getRawFragment() != null) {
            throw new IllegalArgumentException("not a relay: " + uri);
        }
        relays.add(uri.getRawPath().isEmpty() ? uri.resolve("/") : uri);
        return self();
    }

    /** As {@link #relay}, for each of them, in the order in which they are preferred. */
    public B relays(List<URI> uris) {
        uris.forEach(this::relay);
        return self();
    }

    /**
     * Who connects.
     *
     * @param id 1 to 2^32 - 1
     */
    public B twin(long id) {
        twin = Address.of(id).twin();
        return self();
    }

    /**
     * Which of the twin's connections this is, by a name of its own. Without one it is the unnamed
     * connection, which {@code rmb-peer} uses.
     *
     * @param name at most 1024 bytes in UTF-8
     */
    public B session(String name) {
        session = name;
        return self();
    }

    /**
     * The twin's secret, from which both its keys are made: the one that signs tokens and
     * envelopes, and the one that encrypts. They are wiped when what was built is closed; the text
     * is the caller's.
     *
     * @param text a mnemonic, a seed of {@code 0x} and 64 hex digits, or a secret URI
     */
    public B secret(String text) {
        secret = text;
        return self();
    }

    /** The scheme of the {@linkplain #secret secret's} account; sr25519 by default. */
    public B keyType(KeyType type) {
        keyType = type;
        return self();
    }

    /**
     * Signs for the twin, in place of a secret: tokens and every envelope. Stays the caller's, and
     * must outlive what is built.
     */
    public B signer(Signer key) {
        signer = key;
        return self();
    }

    /**
     * Encrypts and decrypts for the twin, in place of a secret. Stays the caller's, and must
     * outlive what is built. Its public key has to stand in the twin's record.
     */
    public B encryptionKey(EncryptionKey key) {
        encryptionKey = key;
        return self();
    }

    /** Which payloads are encrypted; {@link Encryption#WHEN_POSSIBLE} by default. */
    public B encryption(Encryption which) {
        encryption = which;
        return self();
    }

    /**
     * Tells who other twins are: what is received is verified, and what is sent is encrypted, with
     * the keys that it knows. By default the relays are asked on their public port, which those can
     * tell that have a registry of their own. Stays the caller's.
     */
    public B directory(TwinDirectory twins) {
        directory = twins;
        return self();
    }

    /** Hears of connections. */
    public B listener(SessionListener connections) {
        listener = connections;
        return self();
    }

    /**
     * How long a token can be used to connect; a new one is made for each attempt.
     *
     * @param lifetime 60 to 300 s, the default; less is safer when somebody reads along, more
     *     forgives a clock that is wrong
     */
    public B tokenLifetime(Duration lifetime) {
        if (lifetime.compareTo(SHORTEST_TOKEN) < 0 || lifetime.compareTo(LONGEST_TOKEN) > 0) {
            throw new IllegalArgumentException("token lifetime not 60 to 300 s: " + lifetime);
        }
        tokenLifetime = lifetime;
        return self();
    }

    /** How long one attempt to connect may take; 10 s by default. */
    public B connectTimeout(Duration timeout) {
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("connecting needs time: " + timeout);
        }
        settings = settings.withConnectTimeout(timeout);
        return self();
    }

    /**
     * Which certificates to trust for {@code wss}: for a relay with a certificate of a private
     * authority. By default those that Java trusts.
     */
    public B sslContext(SSLContext context) {
        sslContext = context;
        return self();
    }

    /** For tests: another clock for tokens and timestamps. */
    B clock(InstantSource source) {
        clock = source;
        return self();
    }

    /** For tests: other times and bounds. */
    B adjust(UnaryOperator<SessionSettings> adjustment) {
        settings = adjustment.apply(settings);
        return self();
    }

    /** A session that is not opened yet, with threads that are its own. */
    RmbSession build(EnvelopeReceiver receiver, @Nullable Executor handlers) {
        if (twin == 0 || relays.isEmpty()) {
            throw new IllegalStateException(twin == 0 ? "no twin given" : "no relay given");
        }
        var address = new Address(twin, session);
        List<AutoCloseable> owned = new ArrayList<>();
        Signer signing = signer(owned);
        EncryptionKey encrypting = encryptionKey(owned);
        var threads = new ClientThreads("rmb-client-" + address, handlers);
        TwinDirectory twins = directory(threads, owned);
        return new RmbSession(
                new RmbSession.Parts(
                        address,
                        new EnvelopeSeal(
                                address,
                                signing,
                                encrypting,
                                encryption,
                                twins,
                                clock,
                                threads.workers()),
                        clock,
                        settings,
                        threads,
                        receiver,
                        listener,
                        (incoming, owner) ->
                                connections(address, signing, threads, incoming, owner),
                        owned));
    }

    private Signer signer(List<AutoCloseable> owned) {
        if (signer != null) {
            return signer;
        }
        if (secret == null) {
            throw new IllegalStateException("no secret and no signer given");
        }
        KeyPair own = KeyPair.of(keyType, secret);
        owned.add(own);
        return own;
    }

    private @Nullable EncryptionKey encryptionKey(List<AutoCloseable> owned) {
        if (encryptionKey != null || secret == null) {
            return encryptionKey;
        }
        EncryptionKey own = EncryptionKey.of(secret);
        owned.add(own);
        return own;
    }

    private TwinDirectory directory(ClientThreads threads, List<AutoCloseable> owned) {
        if (directory != null) {
            return directory;
        }
        HttpClient asking =
                http().executor(threads.io()).connectTimeout(settings.connectTimeout()).build();
        owned.add(() -> HttpClients.stop(asking));
        return new RelayTwinDirectory(List.copyOf(relays), asking, KNOWN_TWINS);
    }

    private HttpClient.Builder http() {
        HttpClient.Builder http = HttpClient.newBuilder();
        return sslContext == null ? http : http.sslContext(sslContext);
    }

    private List<RelayConnection> connections(
            Address address,
            Signer signing,
            ClientThreads threads,
            Incoming incoming,
            RelayConnection.Owner owner) {
        SessionSettings own = settings;
        Duration lifetime = tokenLifetime;
        InstantSource time = clock;
        return relays.stream()
                .map(relay ->
                        new RelayConnection(
                                relay,
                                own,
                                () -> token(address, signing, time, lifetime),
                                http(),
                                threads,
                                incoming,
                                owner))
                .toList();
    }

    private static String token(
            Address address, Signer signer, InstantSource clock, Duration lifetime) {
        long now = clock.instant().getEpochSecond();
        return Tokens.issue(
                signer, address.twin(), address.connection(), now, now + lifetime.toSeconds());
    }
}
