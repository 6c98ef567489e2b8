package dev.rmb.cluster.bans;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class BansTest {
    private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");

    private final Bans bans = new Bans(Clock.fixed(NOW, ZoneOffset.UTC));

    @Test
    void twinsAndAddressesAreBannedUntilThatIsTakenBack() {
        bans.put(ban("twin:7", null));
        bans.put(ban("remote:10.0.0.0/8", null));
        bans.put(ban("remote:192.0.2.7", null));
        bans.put(ban("remote:2001:db8::/32", null));

        assertThat(bans.isBanned(7)).isTrue();
        assertThat(bans.isBanned(8)).isFalse();
        assertThat(isBanned("10.2.3.4")).isTrue();
        assertThat(isBanned("::ffff:10.2.3.4")).isTrue();
        assertThat(isBanned("11.0.0.1")).isFalse();
        assertThat(isBanned("192.0.2.7")).isTrue();
        assertThat(isBanned("192.0.2.8")).isFalse();
        assertThat(isBanned("2001:db8::1")).isTrue();
        assertThat(isBanned("2001:db9::1")).isFalse();

        bans.remove(BanTarget.parse("remote:10.0.0.0/8"));
        bans.remove(BanTarget.parse("twin:7"));
        assertThat(isBanned("10.2.3.4")).isFalse();
        assertThat(bans.isBanned(7)).isFalse();
        assertThat(bans.all())
                .extracting(b -> b.target().toString())
                .containsExactly("remote:192.0.2.7", "remote:2001:db8:0:0:0:0:0:0/32");
    }

    @Test
    void aBanWhoseTimeIsOverDoesNotHold() {
        bans.put(ban("twin:7", NOW));
        bans.put(ban("twin:8", NOW.plusMillis(1)));

        assertThat(bans.isBanned(7)).isFalse();
        assertThat(bans.isBanned(8)).isTrue();
        assertThat(bans.all()).extracting(b -> b.target().toString()).containsExactly("twin:8");
        assertThat(bans.expired(NOW))
                .extracting(b -> b.target().toString())
                .containsExactly("twin:7");
        assertThat(bans.find(BanTarget.parse("twin:7"))).isEmpty();
    }

    @Test
    void whoeverListensHearsOfWhatIsAdded() {
        var heard = new AtomicInteger();
        bans.put(ban("twin:7", null));
        bans.listen(heard::incrementAndGet);

        bans.put(ban("twin:8", null));
        bans.remove(BanTarget.parse("twin:8"));
        bans.replaceAll(List.of(ban("twin:9", null)));

        assertThat(heard).hasValue(2);
        assertThat(bans.isBanned(7)).isFalse();
        assertThat(bans.isBanned(9)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "7",
                "twin:",
                "twin:0",
                "twin:-7",
                "twin:4294967296",
                "twin:99999999999",
                "remote:",
                "remote:nowhere.example",
                "remote:0.0.0.0/0",
                "remote:::/0",
                "remote:10.0.0.1/8"
            })
    void whatIsNobodyIsRefused(String id) {
        assertThatThrownBy(() -> BanTarget.parse(id)).isInstanceOf(IllegalArgumentException.class);
    }

    private boolean isBanned(String address) {
        return bans.isBanned(InetAddress.ofLiteral(address));
    }

    private static Ban ban(String target, @Nullable Instant expires) {
        return new Ban(BanTarget.parse(target), null, NOW.minus(Duration.ofHours(1)), expires);
    }
}
