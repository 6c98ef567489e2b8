package dev.rmb.router.stream;

import dev.rmb.router.dispatch.Standing;
import dev.rmb.twins.RelayDomains;
import dev.rmb.twins.Twin;
import dev.rmb.twins.TwinDirectory;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where a twin lives, seen from this relay. Thread-safe. */
final class LookUps {
    private static final Logger log = LoggerFactory.getLogger(LookUps.class);

    private final TwinDirectory directory;
    private final RelayDomains ours;

    LookUps(TwinDirectory directory, Collection<String> domains) {
        this.directory = directory;
        this.ours = RelayDomains.of(domains);
    }

    /**
     * Asks the directory.
     *
     * @param answered hears it on any thread, this one included; empty if the directory could not
     *     tell
     */
    void ask(long twin, Consumer<Optional<Standing>> answered) {
        answer(twin, directory.byId(twin), answered);
    }

    /** The same, but nothing that the directory knew before counts. */
    void askAnew(long twin, Consumer<Optional<Standing>> answered) {
        answer(twin, directory.byIdAnew(twin), answered);
    }

    private void answer(
            long twin,
            CompletionStage<Optional<Twin>> found,
            Consumer<Optional<Standing>> answered) {
        var _ =
                found.whenComplete((one, failure) -> {
                    if (failure != null) {
                        log.debug("Twin {} could not be looked up", twin, failure);
                    }
                    answered.accept(
                            failure == null ? Optional.of(standing(one)) : Optional.empty());
                });
    }

    private Standing standing(Optional<Twin> found) {
        if (found.isEmpty()) {
            return Standing.UNKNOWN;
        }
        RelayDomains relays = found.get().relayDomains();
        if (relays.isEmpty()) {
            return Standing.NO_RELAY;
        }
        return relays.shareAny(ours) ? Standing.OURS : Standing.elsewhere(relays.domains());
    }
}
