package dev.rmb.gateway.socket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rmb.cluster.limits.LimitChange;
import dev.rmb.cluster.limits.Limits;
import java.net.InetAddress;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class RemotesTest {
    private long now;
    private Limits limits = new Limits();

    @Test
    void aRemoteHasSoManyConnectionsAtATime() {
        Remotes remotes = remotes(0, 2, 0);
        InetAddress one = at("10.0.0.1");

        assertThat(remotes.entered(one)).isTrue();
        assertThat(remotes.entered(one)).isTrue();
        assertThat(remotes.entered(one)).isFalse();
        assertThat(remotes.entered(at("10.0.0.2"))).isTrue();
        remotes.left(one);
        remotes.left(one);
        assertThat(remotes.entered(one)).isTrue();
    }

    @Test
    void aRemoteBeginsSoManyConnectionsInASecond() {
        Remotes remotes = remotes(0, 0, 2);
        InetAddress one = at("10.0.0.1");
        for (int i = 0; i < 2; i++) {
            assertThat(remotes.entered(one)).isTrue();
            remotes.left(one);
        }

        assertThat(remotes.entered(one)).isFalse();
        now += 1_000;
        assertThat(remotes.entered(one)).isTrue();
    }

    @Test
    void anIpv6NetworkCountsAsOne() {
        Remotes remotes = remotes(0, 1, 0);

        assertThat(remotes.entered(at("2001:db8::1"))).isTrue();
        assertThat(remotes.entered(at("2001:db8::ffff:1"))).isFalse();
        assertThat(remotes.entered(at("2001:db8:0:1::1"))).isTrue();
    }

    @Test
    void allTogetherHaveTheirLimit() {
        Remotes remotes = remotes(2, 0, 0);

        assertThat(remotes.connected()).isTrue();
        assertThat(remotes.connected()).isTrue();
        assertThat(remotes.connected()).isFalse();
        remotes.disconnected();
        remotes.disconnected();
        assertThat(remotes.connected()).isTrue();
    }

    @Test
    void whatIsChangedCountsThoseWhoAreThereAlready() {
        Remotes remotes = remotes(0, 0, 0);
        InetAddress one = at("10.0.0.1");
        for (int i = 0; i < 3; i++) {
            assertThat(remotes.connected()).isTrue();
            assertThat(remotes.entered(one)).isTrue();
        }

        change("perRemote", 2);
        assertThat(remotes.entered(one)).isFalse();
        remotes.left(one);
        remotes.left(one);
        remotes.left(one);
        assertThat(remotes.entered(one)).isTrue();
        change("max", 3);
        assertThat(remotes.connected()).isFalse();
        remotes.disconnected();
        change("ratePerRemote", 3);
        assertThat(remotes.entered(at("10.0.0.2"))).isTrue();

        limits.remove("gateway.connections.perRemote");
        limits.remove("gateway.connections.max");
        limits.remove("gateway.connections.ratePerRemote");
        assertThat(remotes.entered(one)).isTrue();
        assertThat(remotes.connected()).isTrue();
    }

    private void change(String name, long value) {
        limits.put(new LimitChange("gateway.connections." + name, value, null, Instant.EPOCH));
    }

    @Test
    void whoHasNoConnectionIsForgotten() {
        Remotes counted = remotes(0, 1, 0);
        Remotes rated = remotes(0, 0, 1);
        for (int i = 0; i < 5_000; i++) {
            InetAddress each = at("10.1." + i / 250 + "." + i % 250);
            counted.entered(each);
            counted.left(each);
            rated.entered(each);
            rated.left(each);
            now += 10;
        }

        assertThat(counted.size()).isZero();
        assertThat(rated.size()).isLessThan(1_200);
    }

    private Remotes remotes(int max, int perRemote, int rate) {
        limits = new Limits();
        return new Remotes(
                ConnectionLimits.of(limits, new ConnectionSettings(max, perRemote, rate, 1)),
                () -> now);
    }

    private static InetAddress at(String address) {
        return InetAddress.ofLiteral(address);
    }
}
