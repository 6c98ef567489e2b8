package dev.rmb.reliability.process;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How a server is started: Java as it runs here, with the classes that are here, in little memory.
 *
 * @param main the class
 * @param heapMebibytes at most
 * @param arguments of the program
 */
public record Command(String main, int heapMebibytes, List<String> arguments) {
    /** What {@code ./relay} starts. */
    public static final String RELAY = "dev.rmb.standalone.command.RelayCommand";

    public Command {
        arguments = List.copyOf(arguments);
    }

    List<String> line() {
        List<String> line = new ArrayList<>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.add("-Xmx" + heapMebibytes + "m");
        line.add("-XX:+UseSerialGC");
        // Processes that live for seconds, many of them on few processors.
        line.add("-XX:TieredStopAtLevel=1");
        line.add("-XX:+ExitOnOutOfMemoryError");
        line.add("--enable-native-access=ALL-UNNAMED");
        line.add("--sun-misc-unsafe-memory-access=allow");
        line.add("-cp");
        line.add(System.getProperty("java.class.path"));
        line.add(main);
        line.addAll(arguments);
        return line;
    }
}
