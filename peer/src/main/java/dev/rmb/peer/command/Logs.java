package dev.rmb.peer.command;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import org.slf4j.ILoggerFactory;
import org.slf4j.LoggerFactory;

/** Where the log goes: to standard error, as much as was asked for. */
final class Logs {
    /** Nothing in a line that a terminal would obey. */
    private static final String PATTERN =
            "%d{yyyy-MM-dd'T'HH:mm:ss.SSS,UTC}Z %-5level %logger{0}:"
                    + " %replace(%msg){'[\\p{Cntrl}&&[^\\t]]', ' '}%n%ex{short}";

    private Logs() {}

    /**
     * @param verbosity 0 tells the life cycle, 1 what becomes of messages, 2 everything
     */
    static void configure(int verbosity) {
        ILoggerFactory factory = LoggerFactory.getILoggerFactory();
        if (!(factory instanceof LoggerContext context)) {
            return;
        }
        context.reset();
        var encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern(PATTERN);
        encoder.start();
        var appender = new ConsoleAppender<ILoggingEvent>();
        appender.setContext(context);
        appender.setTarget("System.err");
        appender.setEncoder(encoder);
        appender.start();
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.addAppender(appender);
        root.setLevel(verbosity > 1 ? Level.DEBUG : Level.WARN);
        context.getLogger("dev.rmb")
                .setLevel(verbosity == 0 ? Level.INFO : verbosity == 1 ? Level.DEBUG : Level.TRACE);
        // It says at WARN what the peer tells in its own words.
        context.getLogger("io.lettuce").setLevel(verbosity > 1 ? Level.DEBUG : Level.ERROR);
    }
}
