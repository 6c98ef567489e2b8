package dev.rmb.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rmb.protocol.identity.AccountId;
import dev.rmb.twins.RelayTwinDirectory;
import dev.rmb.twins.Twin;
import dev.rmb.twins.TwinDirectory;
import java.net.http.HttpClient;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** With what comes with the SDK and no more, twins are found at a relay. */
final class RelayLookUpsTest {
    private static final Twin EIGHT =
            new Twin(8, AccountId.of(new byte[32]), "relay.example.org", null);

    @Test
    void aTwinIsLookedUpAtARelayWithTheSdkAlone() throws Exception {
        try (LoopbackRelay relay = LoopbackRelay.start();
                TwinDirectory twins =
                        new RelayTwinDirectory(
                                List.of(relay.uri()), HttpClient.newHttpClient(), 10)) {
            relay.know(EIGHT);

            assertThat(found(twins, 8)).contains(EIGHT);
            assertThat(found(twins, 9)).isEmpty();
        }
    }

    private static Optional<Twin> found(TwinDirectory twins, long id) throws Exception {
        return twins.byId(id).toCompletableFuture().get(10, TimeUnit.SECONDS);
    }
}
