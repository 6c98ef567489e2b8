package dev.rmb.reliability.scenario;

import dev.rmb.reliability.cluster.Node;
import dev.rmb.reliability.cluster.Shape;
import dev.rmb.reliability.proxy.Proxy;
import dev.rmb.reliability.proxy.Sockets;
import dev.rmb.reliability.proxy.Weather;
import java.time.Duration;

/**
 * The link between one gateway and one router breaks for a moment, then for longer than a gateway
 * keeps the clients of an owner that it cannot reach; falls silent without breaking, for as long;
 * and is slow and narrow. All other links are well.
 */
final class BrokenLink implements Scenario {
    private static final Duration SHORT = Duration.ofSeconds(3);
    private static final Duration LONG = Duration.ofSeconds(16);
    private static final Duration FAIR = Duration.ofSeconds(8);
    private static final Weather SLOW = new Weather.Slow(Duration.ofMillis(250), 60_000);

    @Override
    public String id() {
        return "11";
    }

    @Override
    public String title() {
        return "link between one gateway and one router cut, silent, slow";
    }

    @Override
    public Shape shape() {
        return Shape.usual().withProxies();
    }

    @Override
    public void run(Stage stage) throws InterruptedException {
        stage.load(stage.receivers(), 400);
        suffer(stage, new Weather.Cut(), SHORT);
        suffer(stage, new Weather.Cut(), LONG);
        suffer(stage, new Weather.Stalled(), SHORT);
        suffer(stage, new Weather.Stalled(), LONG);
        suffer(stage, SLOW, LONG);
        stage.pause(FAIR);
    }

    private static void suffer(Stage stage, Weather weather, Duration time)
            throws InterruptedException {
        // Those who were sent away from the first gateway have stayed at the other one.
        stage.crowd().hop(stage.oneHalf(), 0);
        stage.crowd().hop(stage.otherHalf(), 1);
        stage.pause(FAIR);
        Proxy before = stage.cluster().proxies().get(0);
        Node gateway = stage.cluster().gateways().get(0);
        long now = stage.crowd().now();
        stage.note("link of " + gateway.name() + " to router-a: " + weather);
        long pid = gateway.process().pid();
        before.weather(weather, port -> Sockets.belongsTo(pid, port));
        stage.pause(time);
        before.weather(new Weather.Fair());
        stage.disturbedSince(now);
    }
}
