package dev.rmb.standalone.node;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.rmb.gateway.GatewaySettings;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What does not keep a gateway from starting, but may end it later. */
final class StartChecks {
    private static final Logger log = LoggerFactory.getLogger(StartChecks.class);

    /** Of jars, logs, and connections to Kafka and other pods. */
    private static final long OTHER_FILES = 500;

    /** Where no number of connections is set, fewer than this surprise. */
    private static final long EXPECTED_CONNECTIONS = 3_000;

    /** What all bounds allow together must leave room for the rest. */
    private static final double HEAP_PART = 0.75;

    private static final long MEBI = 1 << 20;

    private StartChecks() {}

    static void warn(GatewaySettings gateway) {
        long files =
                ManagementFactory.getOperatingSystemMXBean()
                                instanceof UnixOperatingSystemMXBean unix
                        ? unix.getMaxFileDescriptorCount()
                        : Long.MAX_VALUE;
        doubts(gateway, files, Runtime.getRuntime().maxMemory()).forEach(log::warn);
    }

    /**
     * @param files that this process may have open
     * @param heap bytes that it may grow to
     */
    static List<String> doubts(GatewaySettings gateway, long files, long heap) {
        List<String> doubts = new ArrayList<>();
        int max = gateway.connections().max();
        long connections = max > 0 ? max : EXPECTED_CONNECTIONS;
        if (files < connections + OTHER_FILES) {
            doubts.add(
                    "This process may have "
                            + files
                            + " files open, which is too few for "
                            + connections
                            + " connections: raise it (ulimit -n), or lower"
                            + " gateway.connections.max");
        }
        long bounds =
                gateway.accept().inFlight().toBytes()
                        + gateway.sessions().queuedInAll().toBytes()
                        + gateway.sessions().unfinishedInAll().toBytes()
                        + gateway.http().bodiesInAll().toBytes();
        if (bounds > heap * HEAP_PART) {
            doubts.add(
                    "Clients may fill "
                            + bounds / MEBI
                            + " MiB of a heap of "
                            + heap / MEBI
                            + " MiB: raise it (-Xmx), or lower gateway.accept.inFlight,"
                            + " gateway.sessions.queuedInAll, gateway.sessions.unfinishedInAll or"
                            + " gateway.http.bodiesInAll");
        }
        return doubts;
    }
}
