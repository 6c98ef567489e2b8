package dev.rmb.reliability.process;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * How a server is started, in little memory: Java as it runs here, with the classes that are here.
 * The relay is started by {@code ./relay}, as operators do it, if this program was ({@link
 * #LAUNCHER} names it then).
 *
 * @param main the class
 * @param heapMebibytes at most
 * @param arguments of the program
 */
public record Command(String main, int heapMebibytes, List<String> arguments) {
    /** What {@code ./relay} starts. */
    public static final String RELAY = "dev.rmb.standalone.command.RelayCommand";

    private static final String LAUNCHER = "rmb.launcher";

    public Command {
        arguments = List.copyOf(arguments);
    }

    List<String> line() {
        List<String> line = new ArrayList<>();
        if (isLaunched()) {
            line.add(System.getProperty(LAUNCHER));
            line.addAll(arguments);
            return line;
        }
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.add("-XX:+UseSerialGC");
        line.add("-XX:+ExitOnOutOfMemoryError");
        line.addAll(options());
        line.add("--enable-native-access=ALL-UNNAMED");
        line.add("--sun-misc-unsafe-memory-access=allow");
        line.add("-cp");
        line.add(System.getProperty("java.class.path"));
        line.add(main);
        line.addAll(arguments);
        return line;
    }

    /** Beside what is inherited. */
    Map<String, String> environment() {
        return isLaunched()
                ? Map.of(
                        "RMB_JAVA_HOME", System.getProperty("java.home"),
                        "RMB_JAVA_OPTS", String.join(" ", options()))
                : Map.of();
    }

    private boolean isLaunched() {
        return main.equals(RELAY) && System.getProperty(LAUNCHER) != null;
    }

    /** For processes that live for seconds, many of them on few processors. */
    private List<String> options() {
        return List.of("-Xmx" + heapMebibytes + "m", "-XX:TieredStopAtLevel=1");
    }
}
