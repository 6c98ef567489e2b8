package dev.rmb.router.dispatch;

import static dev.rmb.router.dispatch.Owner.LINK;
import static dev.rmb.router.dispatch.TestMessage.request;
import static dev.rmb.router.dispatch.TestMessage.response;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rmb.protocol.Address;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What an operator takes out of a mailbox is accounted for like all else. */
final class PurgeTest {
    private final Owner owner = ExpiryTest.ours();
    private final List<Purged> done = new ArrayList<>();

    @Test
    void requestersAreToldAndTheRoomIsFreeAgain() {
        for (int i = 0; i < 1_000; i++) {
            owner.send(request("7").expiration(600));
        }
        owner.send(response("7").expiration(600));
        owner.send(request("8").expiration(600));
        owner.pass(3_000);
        assertThat(owner.stored()).isEqualTo(1_002);

        assertThat(owner.dispatcher.purge(Address.of(7), done::add)).isTrue();
        owner.pass(1_000);

        assertThat(done)
                .singleElement()
                .satisfies(purged -> {
                    assertThat(purged.messages()).isEqualTo(1_001);
                    assertThat(purged.kept()).isZero();
                });
        assertThat(owner.stored()).isEqualTo(1);
        assertThat(owner.told()).hasSize(1_000).allMatch(t -> t.endsWith("the relay's operator"));
        assertThat(owner.dispatcher.counts().refused(Reason.PURGED)).isEqualTo(1_001);
        assertThat(owner.dispatcher.stored().messages()).isEqualTo(1);
        assertThat(owner.dispatcher.statusOf(Address.of(7), 5).state())
                .isNotEqualTo(MessageStatus.State.STORED);
        assertThat(owner.dispatcher.statusOf(Address.of(8), 1_001).state())
                .isEqualTo(MessageStatus.State.STORED);
    }

    @Test
    void whatIsOnItsWayToAClientStaysAndArrives() {
        owner.connect(LINK, 5, "7");
        owner.send(request("7").expiration(600));
        owner.pass(3_000);
        assertThat(owner.stored()).isEqualTo(1);
        assertThat(owner.dispatcher.statusOf(Address.of(7), 0).state())
                .isEqualTo(MessageStatus.State.IN_FLIGHT);

        assertThat(owner.dispatcher.purge(Address.of(7), done::add)).isTrue();
        owner.pass(100);

        assertThat(done).containsExactly(new Purged(0, 0, 1));
        assertThat(owner.told()).isEmpty();
        assertThat(owner.stored()).isEqualTo(1);
    }

    @Test
    void whatComesAfterTheWishStays() {
        owner.send(request("7").expiration(600));
        owner.pass(10);
        assertThat(owner.dispatcher.purge(Address.of(7), done::add)).isTrue();
        owner.send(request("7").expiration(600));
        owner.pass(100);

        assertThat(done).singleElement().extracting(Purged::messages).isEqualTo(1L);
        assertThat(owner.stored()).isEqualTo(1);
    }
}
