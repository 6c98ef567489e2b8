package dev.rmb.twins;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RelayDomainsTest {
    @ParameterizedTest
    @CsvSource({
        "relay.example.org, relay.example.org",
        "relay.example.org:443, relay.example.org",
        "relay.example.org:80, relay.example.org",
        "relay.example.org:8443, relay.example.org:8443",
        "Relay.Example.ORG, relay.example.org",
        "relay.example.org., relay.example.org",
        "wss://relay.example.org, relay.example.org",
        "wss://relay.example.org/, relay.example.org",
        "wss:/relay.example.org, relay.example.org",
        "ws:/relay.example.org:8080, relay.example.org:8080",
        "ws://relay.example.org:80/path?x, relay.example.org",
        "https://relay.example.org:443/, relay.example.org",
        "relay.example.org/, relay.example.org",
        "' relay.example.org ', relay.example.org",
        "localhost, localhost",
        "127.0.0.1:8080, 127.0.0.1:8080",
        "[2001:DB8::1]:443, [2001:db8::1]",
        "[2001:db8::1]:9, [2001:db8::1]:9",
        "[2001:db8::1], [2001:db8::1]",
        "wss, wss",
        "ws:8080, ws:8080"
    })
    void oneRelayReadsTheSameHoweverItIsWritten(String written, String normal) {
        assertThat(RelayDomains.parse(written).domains()).containsExactly(normal);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "_", " ", "wss:///", "://", "/", ":443"})
    void whatNamesNoHostNamesNoRelay(String written) {
        assertThat(RelayDomains.parse(written).isEmpty()).as(written).isTrue();
    }

    @Test
    void noRecordNamesNoRelay() {
        assertThat(RelayDomains.parse(null).isEmpty()).isTrue();
        assertThat(RelayDomains.parse(null).shareAny(RelayDomains.of(List.of("a")))).isFalse();
    }

    @Test
    void severalRelaysKeepTheirOrderAndAreThereOnce() {
        var domains = RelayDomains.parse("r2.example.org:443_r1.example.org_R2.example.org");

        assertThat(domains.domains()).containsExactly("r2.example.org", "r1.example.org");
        assertThat(domains).hasToString("r2.example.org_r1.example.org");
    }

    @Test
    void aTwinLivesHereIfItSharesADomain() {
        var ours = RelayDomains.of(List.of("relay.example.org", "r.example.org:8443"));

        assertThat(ours.shareAny(RelayDomains.parse("other.org_relay.example.org:443"))).isTrue();
        assertThat(ours.shareAny(RelayDomains.parse("r.example.org:8443"))).isTrue();
        assertThat(ours.shareAny(RelayDomains.parse("r.example.org"))).isFalse();
        assertThat(ours.shareAny(RelayDomains.parse("other.org"))).isFalse();
    }
}
