package dev.rmb.standalone.node;

import dev.rmb.server.config.HostPort;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What {@code ./relay up} can be told on its command line.
 *
 * @param data where broker and router keep everything
 * @param listen where clients connect
 * @param admin where the admin API is served
 * @param domains by which twins name this relay
 * @param twins {@code registry}, {@code file:PATH}, or {@code tfchain:URL} with one or more URLs
 *     separated by commas
 * @param fsync whether everything is on disk before it is accepted
 * @param environment stronger than the defaults of everything else
 */
public record StandaloneOptions(
        Path data,
        HostPort listen,
        HostPort admin,
        List<String> domains,
        String twins,
        boolean fsync,
        Map<String, String> environment) {
    public StandaloneOptions {
        domains = List.copyOf(domains);
        environment = Map.copyOf(environment);
    }
}
