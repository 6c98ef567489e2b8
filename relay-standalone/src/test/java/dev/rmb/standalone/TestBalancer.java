package dev.rmb.standalone;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What stands before several gateways: takes connections, and passes their bytes to and from one of
 * the gateways that say that they are ready, in turn.
 */
final class TestBalancer implements AutoCloseable {
    private static final int BACKLOG = 1_024;
    private static final int BUFFER = 8 * 1_024;
    private static final long CHECK_MS = 100;
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final ServerSocket listener;
    private final HttpClient http = HttpClient.newBuilder().connectTimeout(PATIENCE).build();
    private final List<RelayProcess> ready = new CopyOnWriteArrayList<>();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger turn = new AtomicInteger();
    private final ScheduledExecutorService checks =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().name("balancer-checks").daemon().factory());

    private TestBalancer() throws IOException {
        this.listener = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
    }

    static TestBalancer start() throws IOException {
        var balancer = new TestBalancer();
        Thread.ofVirtual().name("balancer").start(balancer::accept);
        return balancer;
    }

    /** Where clients connect. */
    URI ws() {
        return URI.create("ws://127.0.0.1:" + listener.getLocalPort());
    }

    /** Looks at this gateway from now on, and uses it while it is ready. */
    void add(RelayProcess gateway) {
        check(gateway);
        var _ =
                checks.scheduleWithFixedDelay(
                        () -> check(gateway), CHECK_MS, CHECK_MS, TimeUnit.MILLISECONDS);
    }

    /** Whether it is used. */
    boolean uses(RelayProcess gateway) {
        return ready.contains(gateway);
    }

    private void check(RelayProcess gateway) {
        if (!isReady(gateway)) {
            ready.remove(gateway);
        } else if (!ready.contains(gateway)) {
            ready.add(gateway);
        }
    }

    private boolean isReady(RelayProcess gateway) {
        try {
            return http.send(
                                    HttpRequest.newBuilder(gateway.admin().resolve("/health/ready"))
                                            .timeout(PATIENCE)
                                            .build(),
                                    HttpResponse.BodyHandlers.discarding())
                            .statusCode()
                    == 200;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                open.add(client);
                Thread.ofVirtual().name("balancer-client").start(() -> serve(client));
            } catch (IOException e) {
                // Closed, or a client that left at once.
            }
        }
    }

    private void serve(Socket client) {
        List<RelayProcess> to = List.copyOf(ready);
        try (client) {
            if (!to.isEmpty()) {
                URI gateway = to.get(Math.floorMod(turn.getAndIncrement(), to.size())).ws();
                try (var server = new Socket(gateway.getHost(), gateway.getPort())) {
                    client.setTcpNoDelay(true);
                    server.setTcpNoDelay(true);
                    open.add(server);
                    Thread there =
                            Thread.ofVirtual()
                                    .name("balancer-there")
                                    .start(() -> pass(client, server));
                    pass(server, client);
                    there.join(PATIENCE);
                    open.remove(server);
                }
            }
        } catch (IOException e) {
            // One side has gone; so does the other.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            open.remove(client);
        }
    }

    private static void pass(Socket from, Socket to) {
        byte[] buffer = new byte[BUFFER];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read; (read = in.read(buffer)) >= 0; ) {
                out.write(buffer, 0, read);
            }
            to.shutdownOutput();
        } catch (IOException e) {
            // Likewise.
        }
    }

    @Override
    public void close() throws IOException {
        checks.shutdownNow();
        listener.close();
        for (Socket socket : open) {
            socket.close();
        }
        http.close();
    }
}
