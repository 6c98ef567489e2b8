package dev.rmb.router.dispatch;

import static dev.rmb.cluster.link.Whereabouts.CONNECTED;
import static dev.rmb.cluster.link.Whereabouts.OFFLINE;
import static dev.rmb.cluster.link.Whereabouts.UNKNOWN;
import static dev.rmb.router.dispatch.Owner.GATEWAY;
import static dev.rmb.router.dispatch.Owner.LINK;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rmb.cluster.link.Whereabouts;
import dev.rmb.protocol.Address;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What an owner says of an address when a gateway asks. */
final class WhereaboutsTest {
    @Test
    void whoHasASessionIsConnectedAndNobodyElse() {
        Owner owner = Owner.settled().connect(LINK, 5, "7:a");

        assertThat(whereabouts(owner, "7:a")).isEqualTo(CONNECTED);
        assertThat(whereabouts(owner, "7")).isEqualTo(OFFLINE);
        assertThat(whereabouts(owner, "7:")).isEqualTo(OFFLINE);
        assertThat(whereabouts(owner, "8:a")).isEqualTo(OFFLINE);

        owner.dispatcher.closed(LINK, owner.epoch, 5);
        assertThat(whereabouts(owner, "7:a")).isEqualTo(OFFLINE);
    }

    @Test
    void thatSomebodyIsOfflineIsNotKnownBeforeTheOwnerHasSettled() {
        Owner owner = new Owner();
        owner.merge();
        owner.claim();
        owner.dispatcher.gateways(Set.of(GATEWAY));
        owner.connect(LINK, 5, "7");
        assertThat(whereabouts(owner, "7")).isEqualTo(CONNECTED);
        assertThat(whereabouts(owner, "8")).isEqualTo(UNKNOWN);

        owner.snapshot(LINK);
        assertThat(whereabouts(owner, "8")).isEqualTo(OFFLINE);
    }

    @Test
    void whoseLinkBrokeMayBeBackAtOnce() {
        Owner owner = Owner.settled().connect(LINK, 5, "7");

        owner.dispatcher.linkClosed(LINK);
        assertThat(whereabouts(owner, "7")).isEqualTo(UNKNOWN);

        owner.snapshot(LINK + 1, owner.session(5, "7"));
        assertThat(whereabouts(owner, "7")).isEqualTo(CONNECTED);
    }

    @Test
    void underAnotherClaimNobodyKnows() {
        Owner owner = Owner.settled().connect(LINK, 5, "7");
        Address address = Address.parse("7");

        assertThat(owner.dispatcher.whereabouts(owner.epoch - 1, address)).isEqualTo(UNKNOWN);
        assertThat(owner.dispatcher.whereabouts(owner.epoch + 1, address)).isEqualTo(UNKNOWN);
        owner.dispatcher.superseded();
        assertThat(whereabouts(owner, "7")).isEqualTo(UNKNOWN);
    }

    private static Whereabouts whereabouts(Owner owner, String address) {
        return owner.dispatcher.whereabouts(owner.epoch, Address.parse(address));
    }
}
