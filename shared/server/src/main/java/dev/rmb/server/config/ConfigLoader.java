package dev.rmb.server.config;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Turns a YAML file and the environment into a configuration record. Sections are records:
 *
 * <ul>
 *   <li>the default of a component is {@code @JsonProperty(defaultValue = "…")}, written as in
 *       YAML;
 *   <li>a component that is itself a section, or a list or map, is never missing: an absent one is
 *       read as an empty one;
 *   <li>a component marked {@code @Nullable} may be absent; every other is required;
 *   <li>a canonical constructor refuses bad values with an {@link IllegalArgumentException}, and
 *       constraints of Jakarta Validation on components are checked;
 *   <li>{@link java.time.Duration} is written {@code 500ms}, {@code 5s}, {@code 2m}; {@link
 *       io.dropwizard.util.DataSize} {@code 16MiB};
 *   <li>an interface with {@code @JsonTypeInfo(property = "type")} that extends {@link
 *       io.dropwizard.jackson.Discoverable} finds its implementations in the jars on the class
 *       path.
 * </ul>
 *
 * <p>An environment variable {@code RMB_} and the path in upper case with {@code _} for what
 * separates words is stronger than the file: {@code RMB_ADMIN_LISTEN}, {@code
 * RMB_KAFKA_BOOTSTRAP_SERVERS}. A list is written with commas or as YAML, a map or section as YAML.
 */
public final class ConfigLoader {
    private ConfigLoader() {}

    /**
     * Reads a file, with the environment of this process over it.
     *
     * @throws ConfigException listing every problem
     */
    public static <C> C load(Path file, Class<C> type) {
        return load(file, type, System.getenv());
    }

    /**
     * Reads a file.
     *
     * @param environment names and values; those that are no settings are ignored
     * @throws ConfigException listing every problem
     */
    public static <C> C load(Path file, Class<C> type, Map<String, String> environment) {
        String source = "configuration " + file;
        try {
            return parse(source, Files.readString(file), type, environment);
        } catch (NoSuchFileException e) {
            throw unreadable(source, "there is no such file");
        } catch (MalformedInputException e) {
            throw unreadable(source, "the file is not UTF-8 text");
        } catch (IOException e) {
            throw unreadable(source, "the file cannot be read: " + e);
        }
    }

    /**
     * Reads a text; an empty one gives the defaults.
     *
     * @throws ConfigException listing every problem
     */
    public static <C> C parse(String yaml, Class<C> type, Map<String, String> environment) {
        return parse("configuration", yaml, type, environment);
    }

    private static <C> C parse(
            String source, String yaml, Class<C> type, Map<String, String> environment) {
        return new ConfigReader(source).read(yaml, type, environment);
    }

    private static ConfigException unreadable(String source, String what) {
        return new ConfigException(source, List.of(new ConfigProblem("", what)));
    }
}
