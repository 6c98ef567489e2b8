package dev.rmb.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import java.time.Duration;
import java.util.List;
import org.slf4j.LoggerFactory;

/** Netty's leak detector at its most suspicious, from {@link #start} on. */
public final class LeakWatch implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final ListAppender<ILoggingEvent> reports = new ListAppender<>();
    private final Logger detector =
            (Logger) LoggerFactory.getLogger(ResourceLeakDetector.class.getName());
    private ResourceLeakDetector.Level before = ResourceLeakDetector.getLevel();

    public void start() {
        before = ResourceLeakDetector.getLevel();
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
        reports.start();
        detector.addAppender(reports);
        detector.setAdditive(false);
    }

    /** Fails if a buffer was left behind since the start; whoever used some must have stopped. */
    public void expectNone() {
        // One that is left behind on purpose: when it is found, those before it were looked for.
        // What was reported once is not again, so that each has a name of its own.
        String own = "on purpose " + System.nanoTime();
        ByteBufAllocator.DEFAULT.directBuffer(16).touch(own);
        await().atMost(PATIENCE)
                .until(() -> {
                    System.gc();
                    ByteBufAllocator.DEFAULT.directBuffer(16).release();
                    return leaks().stream().anyMatch(l -> l.contains(own));
                });

        assertThat(leaks()).allMatch(l -> l.contains(own));
    }

    private List<String> leaks() {
        return List.copyOf(reports.list).stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    @Override
    public void close() {
        detector.setAdditive(true);
        detector.detachAppender(reports);
        ResourceLeakDetector.setLevel(before);
    }
}
