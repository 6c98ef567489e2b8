package dev.rmb.reliability.scenario;

import dev.rmb.reliability.cluster.Node;
import dev.rmb.reliability.load.Doors;
import dev.rmb.reliability.proxy.Proxy;
import dev.rmb.reliability.proxy.Weather;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * All receivers are there, behind 300 ms of round trip. Nearly all messages must be confirmed
 * without ever having been written to the store.
 */
final class FarReceivers implements Scenario {
    private static final Weather FAR = new Weather.Slow(Duration.ofMillis(150), 10_000_000);
    private static final double MOST_STORED = 0.02;
    private static final Duration UNTIL_ALL_ARE_THERE = Duration.ofSeconds(5);

    @Override
    public String id() {
        return "13";
    }

    @Override
    public String title() {
        return "receivers behind 300 ms of round trip";
    }

    @Override
    public void run(Stage stage) throws InterruptedException {
        List<Proxy> proxies = new ArrayList<>();
        try {
            stage.crowd().come(stage.receivers(), farDoors(stage, proxies));
            stage.pause(UNTIL_ALL_ARE_THERE);
            stage.load(List.of(), 400);
            stage.measurePauses(stage.receivers());
            stage.pause(Duration.ofSeconds(stage.parameters().secondsOr(60)));
            stage.drain();
            double share = stage.storeShare();
            if (share >= MOST_STORED) {
                stage.fail("%.2f %% of the messages were stored".formatted(share * 100));
            }
        } finally {
            proxies.forEach(Proxy::close);
        }
    }

    private static Doors farDoors(Stage stage, List<Proxy> proxies) throws InterruptedException {
        List<Supplier<@Nullable URI>> doors = new ArrayList<>();
        for (Node gateway : stage.cluster().gateways()) {
            Proxy proxy = Proxy.start(gateway.clients().getPort());
            proxy.weather(FAR);
            proxies.add(proxy);
            URI door = URI.create("ws://127.0.0.1:" + proxy.port());
            doors.add(() -> door);
        }
        return new Doors(doors);
    }
}
