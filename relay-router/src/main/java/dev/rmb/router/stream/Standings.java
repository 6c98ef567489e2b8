package dev.rmb.router.stream;

import dev.rmb.router.dispatch.Standing;
import dev.rmb.twins.RelayDomains;
import dev.rmb.twins.Twin;
import dev.rmb.twins.TwinDirectory;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Where twins live, by what the directory knows of them and which domains are ours. */
final class Standings {
    private final TwinDirectory directory;
    private final RelayDomains ours;

    Standings(TwinDirectory directory, RelayDomains ours) {
        this.directory = directory;
        this.ours = ours;
    }

    /** Fails if the directory cannot tell. */
    CompletionStage<Standing> of(long twin) {
        return directory.byId(twin).thenApply(this::of);
    }

    private Standing of(Optional<Twin> found) {
        if (found.isEmpty()) {
            return Standing.UNKNOWN;
        }
        RelayDomains relays = RelayDomains.parse(found.get().relay());
        if (relays.isEmpty()) {
            return Standing.NO_RELAY;
        }
        return relays.shareAny(ours) ? Standing.OURS : Standing.ELSEWHERE;
    }
}
