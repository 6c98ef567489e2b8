package dev.rmb.standalone.node;

import dev.rmb.server.config.HostPort;
import java.nio.file.Path;
import java.util.List;

/**
 * What {@code ./relay up} can be told on its command line.
 *
 * @param data where broker and router keep everything
 * @param listen where clients connect
 * @param admin where the admin API is served
 * @param domains by which twins name this relay
 * @param twins {@code registry} or {@code file:PATH}
 */
public record StandaloneOptions(
        Path data, HostPort listen, HostPort admin, List<String> domains, String twins) {
    public StandaloneOptions {
        domains = List.copyOf(domains);
    }
}
