package dev.rmb.server.logging;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Map;

/**
 * The {@code logging} section.
 *
 * @param level of everything that {@code loggers} does not name
 * @param loggers levels by logger, stronger than those that a server has for noisy libraries
 * @param format of a line
 */
public record LoggingConfig(
        @JsonProperty(defaultValue = "info") LogLevel level,
        Map<String, LogLevel> loggers,
        @JsonProperty(defaultValue = "text") LogFormat format) {
    public LoggingConfig {
        loggers = Map.copyOf(loggers);
        loggers.forEach(Logging::refuseIndiscretion);
    }

    /** What an empty section gives. */
    public static LoggingConfig defaults() {
        return new LoggingConfig(LogLevel.INFO, Map.of(), LogFormat.TEXT);
    }
}
