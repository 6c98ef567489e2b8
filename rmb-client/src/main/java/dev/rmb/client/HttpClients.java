package dev.rmb.client;

import java.lang.reflect.InvocationTargetException;
import java.net.http.HttpClient;

/** What the JDK's HTTP client got after Java 17. */
final class HttpClients {
    private HttpClients() {}

    /**
     * Stops the client's thread, where Java is new enough (21) to have a way; an older one stops it
     * when the client is garbage.
     */
    static void stop(HttpClient http) {
        try {
            HttpClient.class.getMethod("shutdownNow").invoke(http);
        } catch (NoSuchMethodException | IllegalAccessException | InvocationTargetException e) {
            // Nothing depends on it: the thread is a daemon and idle.
            return;
        }
    }
}
