package dev.rmb.broker;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import kafka.server.FaultHandlerFactory;
import org.apache.kafka.server.fault.FaultHandler;
import org.apache.kafka.server.fault.FaultHandlerException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the faults that would end the JVM of a Kafka server, and passes them to the owner of the
 * embedded one. Thread-safe.
 */
final class Faults implements FaultHandlerFactory {
    private static final Logger log = LoggerFactory.getLogger(EmbeddedBroker.class);

    private final AtomicReference<@Nullable Throwable> first = new AtomicReference<>();
    private final CompletableFuture<Throwable> afterStart = new CompletableFuture<>();
    private volatile boolean started;

    @Override
    public FaultHandler build(String name, boolean fatal, Runnable action) {
        return (message, cause) -> {
            var fault = new FaultHandlerException(name + ": " + message, cause);
            action.run();
            if (!fatal) {
                log.warn("Kafka met a fault it survives: {}", message, fault);
            } else {
                first.compareAndSet(null, fault);
                if (started) {
                    log.error("The embedded broker broke down: {}", message, fault);
                    afterStart.complete(fault);
                }
            }
            return fault;
        };
    }

    void startedUp() {
        started = true;
    }

    Optional<Throwable> first() {
        return Optional.ofNullable(first.get());
    }

    CompletionStage<Throwable> afterStart() {
        return afterStart.minimalCompletionStage();
    }
}
