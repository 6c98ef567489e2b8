package dev.rmb.reliability.proxy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Whose a connection is, from Linux's {@code /proc}. */
public final class Sockets {
    private static final int LOCAL_ADDRESS = 1;
    private static final int INODE = 9;
    private static final int HEXADECIMAL = 16;

    private Sockets() {}

    /** Whether the connection from this local port is that process's. */
    public static boolean belongsTo(long pid, int port) {
        Set<String> sockets = socketsOf(pid);
        for (String table : List.of("tcp", "tcp6")) {
            for (String line : lines(Path.of("/proc", Long.toString(pid), "net", table))) {
                String[] fields = line.strip().split("\\s+", -1);
                if (fields.length > INODE
                        && portOf(fields[LOCAL_ADDRESS]) == port
                        && sockets.contains("socket:[" + fields[INODE] + "]")) {
                    return true;
                }
            }
        }
        return false;
    }

    private static int portOf(String address) {
        int colon = address.lastIndexOf(':');
        try {
            return Integer.parseInt(address.substring(colon + 1), HEXADECIMAL);
        } catch (NumberFormatException e) {
            // The heading.
            return -1;
        }
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            return List.of();
        }
    }

    private static Set<String> socketsOf(long pid) {
        Set<String> sockets = new HashSet<>();
        try (var descriptors = Files.newDirectoryStream(Path.of("/proc/" + pid + "/fd"))) {
            for (Path descriptor : descriptors) {
                try {
                    sockets.add(Files.readSymbolicLink(descriptor).toString());
                } catch (IOException e) {
                    // Closed meanwhile.
                }
            }
            return sockets;
        } catch (IOException e) {
            throw new UncheckedIOException("only Linux tells whose a connection is", e);
        }
    }
}
