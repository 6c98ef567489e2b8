package dev.rmb.router.federation;

import dev.rmb.protocol.Address;
import dev.rmb.router.dispatch.Outgoing;
import dev.rmb.router.dispatch.Posted;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Messages for one address, to be sent one after the other, each when the one before was accepted.
 *
 * @param to the address
 * @param relays of the twin, normalised
 * @param isOver whether those that were not tried need not be tried any more
 */
public record Train(
        Address to,
        List<String> relays,
        List<Outgoing> messages,
        BooleanSupplier isOver,
        Answers answers) {
    /** Hears what became of each message that was tried, in order, on any thread. */
    @FunctionalInterface
    public interface Answers {
        /** The first that is not accepted is the last. */
        void posted(long offset, Posted what);
    }

    long bytes() {
        return messages.stream().mapToLong(message -> message.envelope().length).sum();
    }
}
