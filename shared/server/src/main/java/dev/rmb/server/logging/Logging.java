package dev.rmb.server.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.jul.LevelChangePropagator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

/**
 * Sets up the log of a process: to standard error, one line an event, stack traces included.
 * Standard output stays free for what a command prints.
 */
public final class Logging {
    /** Line breaks in an event become this, so that nobody can write lines of his own. */
    private static final String BREAK = " | ";

    /** What terminals obey. */
    private static final String CONTROL = "[\\x00-\\x08\\x0a-\\x1f\\x7f-\\x9f\\u2028\\u2029]";

    private static final String PATTERN =
            "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX, UTC} %-5level [%thread] %logger{30}: "
                    + "%replace(%replace(%msg%rEx){'\\s*[\\r\\n]+\\s*', '"
                    + BREAK
                    + "'}){'"
                    + CONTROL
                    + "', '?'}%nopex%n";

    /** Libraries that tell more than an operator wants to know. */
    private static final Map<String, LogLevel> QUIET =
            Map.ofEntries(
                    Map.entry("org.apache.kafka", LogLevel.WARN),
                    // Warns that it does what it is there for, each time it starts.
                    Map.entry("org.apache.kafka.controller", LogLevel.ERROR),
                    Map.entry("kafka", LogLevel.ERROR),
                    Map.entry("state.change.logger", LogLevel.ERROR),
                    Map.entry("org.eclipse.jetty", LogLevel.WARN),
                    Map.entry("org.glassfish.jersey", LogLevel.WARN),
                    Map.entry("org.hibernate.validator", LogLevel.WARN),
                    Map.entry("io.dropwizard", LogLevel.WARN),
                    Map.entry("io.netty", LogLevel.WARN),
                    Map.entry("io.swagger", LogLevel.WARN),
                    Map.entry("io.grpc", LogLevel.WARN));

    /**
     * Below INFO these write down what passes through them: headers with tokens, the first bytes of
     * messages.
     */
    private static final List<String> INDISCREET =
            List.of("org.eclipse.jetty", "io.grpc.netty", "io.netty.handler.codec");

    /** Who changed what. It has a level of its own, so that nobody silences it with all others. */
    private static final String AUDIT = "dev.rmb.audit";

    private Logging() {}

    /** Replaces whatever was set up before. */
    public static void configure(LoggingConfig config) {
        SLF4JBridgeHandler.removeHandlersForRootLogger();
        SLF4JBridgeHandler.install();
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.reset();
        var propagator = new LevelChangePropagator();
        propagator.setContext(context);
        propagator.setResetJUL(true);
        propagator.start();
        context.addListener(propagator);
        var root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.addAppender(standardError(context, config.format()));
        root.setLevel(level(config.level()));
        Map<String, LogLevel> levels = new HashMap<>(QUIET);
        levels.putAll(config.loggers());
        // Named, so that the level of all does not reach them.
        INDISCREET.forEach(name -> levels.putIfAbsent(name, LogLevel.WARN));
        levels.putIfAbsent(AUDIT, LogLevel.INFO);
        levels.forEach((name, level) -> context.getLogger(name).setLevel(level(level)));
    }

    /**
     * Levels that are set, by logger; what is not named here has the level of the next name above
     * it.
     */
    static Map<String, LogLevel> levels() {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        Map<String, LogLevel> levels = new TreeMap<>();
        for (var logger : context.getLoggerList()) {
            if (logger.getLevel() != null) {
                levels.put(logger.getName(), level(logger.getLevel()));
            }
        }
        return levels;
    }

    /** What is in effect for a logger, whether or not there is one of that name. */
    static LogLevel effective(Map<String, LogLevel> levels, String logger) {
        for (String name = logger; !name.isEmpty(); name = parent(name)) {
            LogLevel level = levels.get(name);
            if (level != null) {
                return level;
            }
        }
        return levels.getOrDefault(Logger.ROOT_LOGGER_NAME, LogLevel.INFO);
    }

    private static String parent(String name) {
        return name.substring(0, Math.max(0, name.lastIndexOf('.')));
    }

    /**
     * Sets the level of a logger until the process ends; {@code null} takes it away again.
     *
     * @throws IllegalArgumentException if it would write down what nobody may read, or hide who
     *     changed what: even that it was hidden would be written nowhere
     */
    static void set(String logger, @Nullable LogLevel level) {
        if (logger.equals(AUDIT)) {
            throw new IllegalArgumentException(
                    AUDIT + " is set in the configuration alone (logging.loggers)");
        }
        if (level != null) {
            refuseIndiscretion(logger, level);
        }
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.getLogger(logger).setLevel(level == null ? null : level(level));
    }

    /**
     * @throws IllegalArgumentException if it would write down what nobody may read
     */
    static void refuseIndiscretion(String logger, LogLevel level) {
        if (level.compareTo(LogLevel.INFO) > 0
                && INDISCREET.stream()
                        .anyMatch(name -> logger.equals(name) || logger.startsWith(name + "."))) {
            throw new IllegalArgumentException(
                    logger + " writes tokens or messages down below info, and is not set lower");
        }
    }

    private static LogLevel level(Level level) {
        return LogLevel.valueOf(level.toString());
    }

    private static ConsoleAppender<ILoggingEvent> standardError(
            LoggerContext context, LogFormat format) {
        var appender = new ConsoleAppender<ILoggingEvent>();
        appender.setContext(context);
        appender.setTarget("System.err");
        appender.setEncoder(encoder(context, format));
        appender.start();
        return appender;
    }

    private static Encoder<ILoggingEvent> encoder(LoggerContext context, LogFormat format) {
        return switch (format) {
            case TEXT -> {
                var encoder = new PatternLayoutEncoder();
                encoder.setContext(context);
                encoder.setPattern(PATTERN);
                encoder.start();
                yield encoder;
            }
            case JSON -> {
                var encoder = new JsonEncoder();
                encoder.setContext(context);
                encoder.setWithSequenceNumber(false);
                encoder.setWithNanoseconds(false);
                encoder.setWithContext(false);
                encoder.setWithArguments(false);
                encoder.setWithMessage(false);
                encoder.setWithFormattedMessage(true);
                encoder.start();
                yield encoder;
            }
        };
    }

    private static Level level(LogLevel level) {
        return switch (level) {
            case OFF -> Level.OFF;
            case ERROR -> Level.ERROR;
            case WARN -> Level.WARN;
            case INFO -> Level.INFO;
            case DEBUG -> Level.DEBUG;
            case TRACE -> Level.TRACE;
        };
    }
}
