package dev.rmb.testing;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Another relay, as far as one sees it from outside: it takes POSTs, and fails as it is told to.
 */
public final class ScriptedRelay implements AutoCloseable {
    private static final int MAX_HEAD = 16_384;
    private static final int BACKLOG = 512;

    private final ServerSocket server;
    private final ExecutorService threads;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final List<byte[]> accepted = new ArrayList<>();
    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicInteger connections = new AtomicInteger();
    private volatile Function<byte[], Reply> script = envelope -> Reply.ACCEPTED;
    private volatile boolean closed;

    /** What it does with a message. */
    public static final class Reply {
        public static final Reply ACCEPTED = status(202);

        /** Nothing at all, while the connection stays. */
        public static final Reply SILENCE = new Reply(new byte[0], false);

        /** The connection ends. */
        public static final Reply HANG_UP = new Reply(new byte[0], true);

        private final byte[] bytes;
        private final boolean close;

        private Reply(byte[] bytes, boolean close) {
            this.bytes = bytes;
            this.close = close;
        }

        public static Reply status(int code) {
            return raw("HTTP/1.1 " + code + " Scripted\r\nContent-Length: 0\r\n\r\n", false);
        }

        /** Any bytes, whether or not they are HTTP. */
        public static Reply raw(String text, boolean close) {
            return new Reply(text.getBytes(StandardCharsets.ISO_8859_1), close);
        }
    }

    private ScriptedRelay(ServerSocket server) {
        this.server = server;
        AtomicInteger numbers = new AtomicInteger();
        this.threads =
                Executors.newCachedThreadPool(task -> {
                    Thread thread = new Thread(task, "scripted-relay-" + numbers.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        threads.execute(this::accept);
    }

    /** Begins to listen on a free port of this machine. */
    public static ScriptedRelay start() throws IOException {
        return start(0);
    }

    /** The same, on a port that was free before. */
    public static ScriptedRelay start(int port) throws IOException {
        return new ScriptedRelay(new ServerSocket(port, BACKLOG, InetAddress.getLoopbackAddress()));
    }

    /**
     * The same over TLS.
     *
     * @param identity with an empty password
     */
    public static ScriptedRelay startSecure(KeyStore identity) throws IOException {
        try {
            KeyManagerFactory keys =
                    KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(identity, new char[0]);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), null, null);
            return new ScriptedRelay(
                    context.getServerSocketFactory()
                            .createServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("no TLS", e);
        }
    }

    /** As twins' records name it. */
    public String domain() {
        return "127.0.0.1:" + server.getLocalPort();
    }

    public int port() {
        return server.getLocalPort();
    }

    /** What it answers each message with from now on. */
    public void script(Function<byte[], Reply> next) {
        script = next;
    }

    /** Answers all messages alike from now on. */
    public void always(Reply reply) {
        script(envelope -> reply);
    }

    /** The messages that it has accepted, in the order in which it did. */
    public List<byte[]> accepted() {
        synchronized (accepted) {
            return List.copyOf(accepted);
        }
    }

    /** How many POSTs have come. */
    public int requests() {
        return requests.get();
    }

    /** How many connections were opened to it, ever. */
    public int connections() {
        return connections.get();
    }

    @Override
    public void close() {
        closed = true;
        try {
            server.close();
            for (Socket socket : sockets) {
                socket.close();
            }
            threads.shutdownNow();
            if (!threads.awaitTermination(5, TimeUnit.SECONDS)) {
                throw new IllegalStateException("the scripted relay does not stop");
            }
        } catch (IOException e) {
            throw new IllegalStateException("the scripted relay cannot be closed", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void accept() {
        while (!closed) {
            try {
                Socket socket = server.accept();
                connections.incrementAndGet();
                sockets.add(socket);
                socket.setTcpNoDelay(true);
                threads.execute(() -> serve(socket));
            } catch (IOException e) {
                // Closed, or a client that left at once: the next one may stay.
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            InputStream in = new BufferedInputStream(socket.getInputStream());
            OutputStream out = socket.getOutputStream();
            byte[] envelope;
            while ((envelope = read(in)) != null) {
                requests.incrementAndGet();
                Reply reply = script.apply(envelope);
                if (reply == Reply.ACCEPTED) {
                    synchronized (accepted) {
                        accepted.add(envelope);
                    }
                }
                out.write(reply.bytes);
                out.flush();
                if (reply.close) {
                    return;
                }
            }
        } catch (IOException e) {
            // The other side left, or this one is closed.
        } finally {
            sockets.remove(socket);
        }
    }

    /** The body of the next request; {@code null} at the end. */
    private static byte @Nullable [] read(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0 || head.length() > MAX_HEAD) {
                return null;
            }
            head.append((char) next);
        }
        if (!head.toString().startsWith("POST / HTTP/1.1\r\n")) {
            throw new IOException("not a POST to /: " + head);
        }
        for (String line : head.toString().toLowerCase(Locale.ROOT).lines().toList()) {
            if (line.startsWith("content-length:")) {
                return in.readNBytes(Integer.parseInt(line.substring(15).trim()));
            }
        }
        throw new IOException("no length");
    }
}
