package dev.rmb.bench.process;

import java.util.List;

/**
 * A process under load.
 *
 * @param name what it is called in reports
 * @param pid its id
 */
public record ServerPid(String name, long pid) {
    /** Processes of which nothing but the id is known. */
    public static List<ServerPid> unnamed(List<Long> pids) {
        return pids.stream().map(pid -> new ServerPid("process", pid)).toList();
    }
}
