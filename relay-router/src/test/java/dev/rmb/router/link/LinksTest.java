package dev.rmb.router.link;

import static org.assertj.core.api.Assertions.assertThat;

import com.codahale.metrics.MetricRegistry;
import dev.rmb.cluster.link.GatewayMessage;
import dev.rmb.cluster.link.Link;
import dev.rmb.cluster.link.RouterMessage;
import dev.rmb.cluster.link.TwinUsage;
import dev.rmb.cluster.link.Whereabouts;
import dev.rmb.protocol.Address;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class LinksTest {
    private static final int PARTITION = 3;
    private static final Address ADDRESS = new Address(7, "laptop");
    private static final int MORE_THAN_AN_INBOX_TAKES = 70_000;

    private final MetricRegistry metrics = new MetricRegistry();
    private final Links links = new Links(metrics);
    private final RecordingReader reader = new RecordingReader();

    @Test
    void whatConcernsAnOpenPartitionIsReadInOrderAndTheEndLast() {
        FakeLink link = opened();
        Inbox inbox = links.open(PARTITION, reader);

        links.received(link, acknowledged(PARTITION, 1));
        links.received(link, acknowledged(PARTITION, 2));
        links.closed(link, null);
        inbox.drain(reader, 100);

        assertThat(reader.heard).containsExactly("1", "2", "closed");
        assertThat(inbox.isEmpty()).isTrue();
    }

    @Test
    void whatConcernsAnotherOwnersPartitionIsDroppedAndCounted() {
        FakeLink link = opened();
        Inbox inbox = links.open(PARTITION, reader);
        links.close(PARTITION, inbox);

        links.received(link, acknowledged(PARTITION, 1));

        assertThat(inbox.isEmpty()).isTrue();
        assertThat(metrics.counter("rmb_router_messages_not_owned_total").getCount()).isEqualTo(1);
    }

    @Test
    void aLinkThatHasRoomAgainIsLookedAtSoon() {
        FakeLink link = opened();
        var looks = new AtomicInteger();
        links.open(PARTITION, reader).whenHeard(looks::incrementAndGet);

        links.writable(link);

        assertThat(looks).hasValue(1);
    }

    @Test
    void aLateCloseOfAnEarlierOpeningLeavesTheNewOne() {
        FakeLink link = opened();
        Inbox earlier = links.open(PARTITION, reader);
        Inbox later = links.open(PARTITION, reader);
        links.close(PARTITION, earlier);

        links.received(link, acknowledged(PARTITION, 1));

        assertThat(later.isEmpty()).isFalse();
    }

    @Test
    void aLinkForWhichThereIsNoRoomIsClosedAndNothingMoreOfItCounts() {
        FakeLink link = opened();
        FakeLink other = opened();
        Inbox inbox = links.open(PARTITION, reader);
        links.received(other, acknowledged(PARTITION, -1));

        for (int i = 0; i < MORE_THAN_AN_INBOX_TAKES; i++) {
            links.received(link, acknowledged(PARTITION, i));
        }
        assertThat(link.closed).isTrue();
        links.closed(link, null);
        inbox.drain(reader, MORE_THAN_AN_INBOX_TAKES);

        // The end is told although there was no room for it, and nothing of the link after it.
        assertThat(reader.heard).containsExactly("closed", "-1");
        assertThat(other.closed).isFalse();
    }

    @Test
    void whatTwinsUsedIsAnsweredAtOnceWhereTheirPartitionIsOpen() {
        FakeLink link = opened();
        var used = new GatewayMessage.Used(PARTITION, 1, 10, List.of(new TwinUsage(7, 5, 500)));
        links.received(link, used);
        assertThat(link.sent).isEmpty();

        Inbox inbox = links.open(PARTITION, reader);
        links.received(link, used);

        assertThat(link.sent)
                .containsExactly(
                        new RouterMessage.UsedElsewhere(
                                PARTITION, 1, 10, List.of(new TwinUsage(7, 0, 0))));
        assertThat(inbox.isEmpty()).isTrue();
    }

    @Test
    void aQuestionIsAnsweredAfterWhatWasSaidBeforeIt() {
        FakeLink link = opened();
        Inbox inbox = links.open(PARTITION, reader);
        reader.known = Whereabouts.OFFLINE;
        links.received(link, acknowledged(PARTITION, 1));
        links.received(link, new GatewayMessage.Asked(PARTITION, 5, 9, ADDRESS));
        links.received(link, acknowledged(PARTITION, 2));
        assertThat(link.sent).isEmpty();

        inbox.drain(reader, 100);

        assertThat(reader.heard).containsExactly("1", "asked of 7:laptop under 5", "2");
        assertThat(link.sent)
                .containsExactly(new RouterMessage.Answered(PARTITION, 5, 9, Whereabouts.OFFLINE));
    }

    @Test
    void whoDoesNotOwnThePartitionSaysSoAtOnce() {
        FakeLink link = opened();

        links.received(link, new GatewayMessage.Asked(PARTITION, 5, 9, ADDRESS));

        assertThat(link.sent)
                .containsExactly(new RouterMessage.Answered(PARTITION, 5, 9, Whereabouts.UNKNOWN));
    }

    @Test
    void signalsComeBeforeWhatGatewaysSaid() {
        FakeLink link = opened();
        Inbox inbox = links.open(PARTITION, reader);
        links.received(link, acknowledged(PARTITION, 1));
        inbox.signal(() -> reader.heard.add("signal"));

        inbox.drain(reader, 1);

        assertThat(reader.heard).containsExactly("signal", "1");
    }

    private FakeLink opened() {
        FakeLink link = new FakeLink();
        links.opened(link);
        return link;
    }

    private static GatewayMessage acknowledged(int partition, long number) {
        return new GatewayMessage.Acknowledged(partition, 1, 1, number);
    }

    private static final class RecordingReader implements Inbox.Reader {
        final List<String> heard = new ArrayList<>();
        Whereabouts known = Whereabouts.UNKNOWN;

        @Override
        public Whereabouts asked(OpenLink link, long epoch, Address address) {
            heard.add("asked of " + address + " under " + epoch);
            return known;
        }

        @Override
        public void received(OpenLink link, GatewayMessage message) {
            if (message instanceof GatewayMessage.Acknowledged acknowledged) {
                heard.add(Long.toString(acknowledged.number()));
            }
        }

        @Override
        public void offered(OpenLink link, GatewayMessage.Offers offers) {
            heard.add("offers " + offers.offers().size());
        }

        @Override
        public void closed(OpenLink link) {
            heard.add("closed");
        }
    }

    private static final class FakeLink implements Link<RouterMessage> {
        final List<RouterMessage> sent = new ArrayList<>();
        boolean closed;

        @Override
        public String peer() {
            return "gateway";
        }

        @Override
        public long peerIncarnation() {
            return 1;
        }

        @Override
        public void send(RouterMessage message) {
            sent.add(message);
        }

        @Override
        public boolean isWritable() {
            return true;
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}
