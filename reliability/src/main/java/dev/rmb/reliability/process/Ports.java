package dev.rmb.reliability.process;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.SplittableRandom;

/**
 * Ports that stay the same when a process is started again. They lie below those that the system
 * gives to outgoing connections, which could otherwise take one while its owner is away.
 */
public final class Ports {
    private static final int LOWEST = 20_000;
    private static final int BEYOND = 32_000;
    private static final int ATTEMPTS = 1_000;
    private static final SplittableRandom random = new SplittableRandom();

    private Ports() {}

    /** One that nobody listens on. */
    public static synchronized int free() {
        for (int i = 0; i < ATTEMPTS; i++) {
            int port = random.nextInt(LOWEST, BEYOND);
            try (var socket = new ServerSocket()) {
                socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
                return port;
            } catch (IOException e) {
                // Taken: the next one.
            }
        }
        throw new ProcessException("no port is free between " + LOWEST + " and " + BEYOND);
    }
}
