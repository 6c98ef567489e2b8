package dev.rmb.gateway.conformance;

import dev.rmb.gateway.LoopbackGateway;
import dev.rmb.gateway.TestTwin;
import dev.rmb.server.config.HostPort;
import java.io.IOException;
import java.net.URI;
import java.util.Iterator;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The relay that is tested, and two twins that it knows.
 *
 * <p>{@code -Drmb.conformance.url=ws://HOST:PORT} names one that runs already; {@code
 * -Drmb.conformance.tcp=HOST:PORT} its port of length-prefixed frames. A transport whose place is
 * not known is not tested. The relay must know the twins 1 and 2 with the ed25519 keys of the seeds
 * 1 and 2 (32 bytes, big-endian).
 */
public final class RelayUnderTest implements AutoCloseable {
    private static final String URL = "rmb.conformance.url";
    private static final String TCP = "rmb.conformance.tcp";

    private static final String SETTINGS =
            """
            transports:
              - type: websocket
              - {type: http, linger: LINGER}
              - {type: tcp, listen: '127.0.0.1:0'}
              - {type: test-lines, listen: '127.0.0.1:0'}
            """;

    public final TestTwin alice = LoopbackGateway.ALICE;
    public final TestTwin bob = LoopbackGateway.BOB;
    private final @Nullable LoopbackGateway own;

    private RelayUnderTest(@Nullable LoopbackGateway own) {
        this.own = own;
    }

    /**
     * The one that runs already, if there is such.
     *
     * @param settings of the one that is started here if not
     */
    public static RelayUnderTest start(String settings) throws IOException {
        return new RelayUnderTest(
                System.getProperty(URL) == null ? new LoopbackGateway(settings) : null);
    }

    static RelayUnderTest start() throws IOException {
        return start(SETTINGS.replace("LINGER", "30s"));
    }

    /** Starts one here that has no patience with silent clients. */
    static RelayUnderTest startImpatient() throws IOException {
        return new RelayUnderTest(
                new LoopbackGateway(
                        SETTINGS.replace("LINGER", "100ms")
                                + "sessions: {idle: 100ms, answerTimeout: 300ms}"));
    }

    /** The one that was started here; empty if it is somebody else's. */
    public Optional<LoopbackGateway> own() {
        return Optional.ofNullable(own);
    }

    /** Where WebSockets and HTTP are served. */
    public HostPort http() {
        if (own != null) {
            return own.address();
        }
        URI url = URI.create(System.getProperty(URL));
        return new HostPort(url.getHost(), url.getPort());
    }

    public Optional<HostPort> tcp() {
        return own != null
                ? port(0)
                : Optional.ofNullable(System.getProperty(TCP)).map(HostPort::parse);
    }

    Optional<HostPort> lines() {
        return own != null ? port(1) : Optional.empty();
    }

    private Optional<HostPort> port(int index) {
        if (own == null) {
            return Optional.empty();
        }
        Iterator<HostPort> ports = own.transportAddresses().listIterator(index);
        return ports.hasNext() ? Optional.of(ports.next()) : Optional.empty();
    }

    @Override
    public void close() {
        if (own != null) {
            own.close();
        }
    }
}
