package dev.rmb.reliability.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A client that speaks through the proxy with a server that repeats everything. */
final class ProxyTest {
    private static final int PATIENCE_MS = 10_000;

    private ServerSocket server;
    private Proxy proxy;

    @BeforeEach
    void start() throws Exception {
        server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().name("echo").start(this::serve);
        proxy = Proxy.start(server.getLocalPort());
    }

    @AfterEach
    void stop() throws Exception {
        proxy.close();
        server.close();
    }

    @Test
    void whatIsSentComesBack() throws Exception {
        try (Socket client = connect()) {
            assertThat(echo(client, new byte[1_000_000])).hasSize(1_000_000);
        }
    }

    @Test
    void aDelayHoldsForBothDirections() throws Exception {
        proxy.weather(new Weather.Slow(Duration.ofMillis(100), 1_000_000));
        try (Socket client = connect()) {
            long start = System.nanoTime();
            assertThat(echo(client, new byte[] {1})).containsExactly(1);
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isGreaterThanOrEqualTo(Duration.ofMillis(200));
        }
    }

    @Test
    void aCutBreaksWhatIsThereAndWhatComes() throws Exception {
        try (Socket client = connect()) {
            assertThat(echo(client, new byte[] {1})).containsExactly(1);
            proxy.weather(new Weather.Cut());
            assertThatThrownBy(() -> echo(client, new byte[] {2})).isInstanceOf(IOException.class);
        }
        try (Socket client = connect()) {
            assertThatThrownBy(() -> echo(client, new byte[] {3})).isInstanceOf(IOException.class);
        }
        proxy.weather(new Weather.Fair());
        try (Socket client = connect()) {
            assertThat(echo(client, new byte[] {4})).containsExactly(4);
        }
    }

    @Test
    void weatherIsForThoseItIsMeantFor() throws Exception {
        try (Socket meant = connect();
                Socket other = connect()) {
            assertThat(echo(meant, new byte[] {1})).containsExactly(1);
            proxy.weather(new Weather.Cut(), port -> port == meant.getLocalPort());
            assertThatThrownBy(() -> echo(meant, new byte[] {2})).isInstanceOf(IOException.class);
            assertThat(echo(other, new byte[] {3})).containsExactly(3);
        }
    }

    @Test
    void aStalledConnectionGoesOnLater() throws Exception {
        try (Socket client = connect()) {
            proxy.weather(new Weather.Stalled());
            client.getOutputStream().write(1);
            client.setSoTimeout(200);
            assertThatThrownBy(() -> client.getInputStream().read())
                    .isInstanceOf(IOException.class);
            client.setSoTimeout(PATIENCE_MS);
            proxy.weather(new Weather.Fair());
            assertThat(client.getInputStream().read()).isEqualTo(1);
        }
    }

    @Test
    void whoseAConnectionIsStandsInTheSystem() throws Exception {
        try (Socket client = connect()) {
            long self = ProcessHandle.current().pid();
            assertThat(Sockets.belongsTo(self, client.getLocalPort())).isTrue();
            assertThat(Sockets.belongsTo(1, client.getLocalPort())).isFalse();
        }
    }

    private Socket connect() throws IOException {
        var socket = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
        socket.setSoTimeout(PATIENCE_MS);
        return socket;
    }

    private static byte[] echo(Socket client, byte[] bytes) throws IOException {
        client.getOutputStream().write(bytes);
        byte[] back = client.getInputStream().readNBytes(bytes.length);
        if (back.length < bytes.length) {
            throw new IOException("the connection ended");
        }
        return back;
    }

    private void serve() {
        try {
            while (true) {
                Socket client = server.accept();
                Thread.ofVirtual().name("echo-connection").start(() -> repeat(client));
            }
        } catch (IOException e) {
            // Closed.
        }
    }

    private static void repeat(Socket client) {
        try (client;
                InputStream in = client.getInputStream()) {
            in.transferTo(client.getOutputStream());
        } catch (IOException e) {
            // Reset.
        }
    }
}
