package dev.rmb.cluster.link;

import com.google.protobuf.UnsafeByteOperations;
import dev.rmb.cluster.Origin;
import dev.rmb.proto.link.Answer;
import dev.rmb.proto.link.Question;
import dev.rmb.proto.link.Session;
import dev.rmb.proto.link.Usage;
import dev.rmb.protocol.Address;
import java.util.List;

/** Messages of the link to and from protobuf. See {@code link.proto}. */
final class LinkCodec {
    private static final int MESSAGE_WEIGHT = 64;

    private LinkCodec() {}

    /** About how many bytes a message takes while it waits. */
    static long weigh(Object message) {
        return switch (message) {
            case RouterMessage.Deliver deliver -> MESSAGE_WEIGHT + deliver.envelope().length;
            case GatewayMessage.Snapshot snapshot ->
                    MESSAGE_WEIGHT * (1L + snapshot.sessions().size());
            case GatewayMessage.Used used -> MESSAGE_WEIGHT * (1L + used.twins().size());
            case GatewayMessage.Offers offers -> weigh(offers);
            case RouterMessage.UsedElsewhere used -> MESSAGE_WEIGHT * (1L + used.twins().size());
            default -> MESSAGE_WEIGHT;
        };
    }

    private static long weigh(GatewayMessage.Offers offers) {
        long weight = MESSAGE_WEIGHT;
        for (Offer offer : offers.offers()) {
            weight += MESSAGE_WEIGHT + offer.envelope().length;
        }
        return weight;
    }

    static dev.rmb.proto.link.RouterMessage encode(RouterMessage message) {
        var encoded = dev.rmb.proto.link.RouterMessage.newBuilder();
        switch (message) {
            case RouterMessage.Deliver m -> encoded.setDeliver(encode(m));
            case RouterMessage.Evict m ->
                    encoded.setEvict(
                            dev.rmb.proto.link.Evict.newBuilder()
                                    .setPartition(m.partition())
                                    .setEpoch(m.epoch())
                                    .setSessionId(m.sessionId()));
            case RouterMessage.UsedElsewhere m ->
                    encoded.setUsedElsewhere(
                            usage(m.partition(), m.epoch(), m.minute(), m.twins()));
            case RouterMessage.OffersSeen m ->
                    encoded.setOffersSeen(
                            dev.rmb.proto.link.OffersSeen.newBuilder()
                                    .setPartition(m.partition())
                                    .setEpoch(m.epoch())
                                    .setTaken(m.taken())
                                    .setLeft(m.left()));
            case RouterMessage.Answered m ->
                    encoded.setAnswer(
                            Answer.newBuilder()
                                    .setPartition(m.partition())
                                    .setEpoch(m.epoch())
                                    .setQuestionId(m.question())
                                    .setWhereabouts(encode(m.whereabouts())));
        }
        return encoded.build();
    }

    /**
     * Reads what a router said.
     *
     * @throws IllegalArgumentException if the message is of no kind that this version knows
     */
    static RouterMessage decode(dev.rmb.proto.link.RouterMessage message) {
        return switch (message.getKindCase()) {
            case DELIVER -> {
                var m = message.getDeliver();
                yield new RouterMessage.Deliver(
                        m.getPartition(),
                        m.getEpoch(),
                        m.getSessionId(),
                        m.getNumber(),
                        m.getOffset(),
                        m.getEnvelope().toByteArray(),
                        m.getWriter() == 0 ? null : new Origin(m.getWriter(), m.getSequence()));
            }
            case EVICT -> {
                var m = message.getEvict();
                yield new RouterMessage.Evict(m.getPartition(), m.getEpoch(), m.getSessionId());
            }
            case USED_ELSEWHERE -> {
                Usage m = message.getUsedElsewhere();
                yield new RouterMessage.UsedElsewhere(
                        m.getPartition(), m.getEpoch(), m.getMinute(), twins(m));
            }
            case OFFERS_SEEN -> {
                var m = message.getOffersSeen();
                yield new RouterMessage.OffersSeen(
                        m.getPartition(), m.getEpoch(), m.getTaken(), m.getLeft());
            }
            case ANSWER -> {
                Answer m = message.getAnswer();
                yield new RouterMessage.Answered(
                        m.getPartition(),
                        m.getEpoch(),
                        m.getQuestionId(),
                        decode(m.getWhereabouts()));
            }
            case WELCOME, KIND_NOT_SET -> throw unexpected(message.getKindCase());
        };
    }

    static dev.rmb.proto.link.GatewayMessage encode(GatewayMessage message) {
        var encoded = dev.rmb.proto.link.GatewayMessage.newBuilder();
        switch (message) {
            case GatewayMessage.Snapshot m ->
                    encoded.setSnapshot(
                            dev.rmb.proto.link.Snapshot.newBuilder()
                                    .setPartition(m.partition())
                                    .setEpoch(m.epoch())
                                    .addAllSessions(
                                            m.sessions().stream().map(LinkCodec::encode).toList())
                                    .setLast(m.last()));
            case GatewayMessage.Opened m ->
                    encoded.setOpened(
                            dev.rmb.proto.link.Opened.newBuilder()
                                    .setPartition(m.partition())
                                    .setEpoch(m.epoch())
                                    .setSession(encode(m.session())));
            case GatewayMessage.Closed m ->
                    encoded.setClosed(
                            dev.rmb.proto.link.Closed.newBuilder()
                                    .setPartition(m.partition())
                                    .setEpoch(m.epoch())
                                    .setSessionId(m.sessionId()));
            case GatewayMessage.Acknowledged m ->
                    encoded.setAcknowledged(
                            dev.rmb.proto.link.Acknowledged.newBuilder()
                                    .setPartition(m.partition())
                                    .setEpoch(m.epoch())
                                    .setSessionId(m.sessionId())
                                    .setNumber(m.number()));
            case GatewayMessage.Used m ->
                    encoded.setUsage(usage(m.partition(), m.epoch(), m.minute(), m.twins()));
            case GatewayMessage.Offers m -> encoded.setOffers(encode(m));
            case GatewayMessage.Asked m -> {
                Question.Builder question =
                        Question.newBuilder()
                                .setPartition(m.partition())
                                .setEpoch(m.epoch())
                                .setId(m.question())
                                .setTwin((int) m.address().twin());
                String connection = m.address().connection();
                if (connection != null) {
                    question.setConnection(connection);
                }
                encoded.setQuestion(question);
            }
        }
        return encoded.build();
    }

    /**
     * Reads what a gateway said.
     *
     * @throws IllegalArgumentException if the message is of no kind that this version knows, or
     *     names an impossible address
     */
    static GatewayMessage decode(dev.rmb.proto.link.GatewayMessage message) {
        return switch (message.getKindCase()) {
            case SNAPSHOT -> {
                var m = message.getSnapshot();
                List<SessionInfo> sessions =
                        m.getSessionsList().stream().map(LinkCodec::decode).toList();
                yield new GatewayMessage.Snapshot(
                        m.getPartition(), m.getEpoch(), sessions, m.getLast());
            }
            case OPENED -> {
                var m = message.getOpened();
                yield new GatewayMessage.Opened(
                        m.getPartition(), m.getEpoch(), decode(m.getSession()));
            }
            case CLOSED -> {
                var m = message.getClosed();
                yield new GatewayMessage.Closed(m.getPartition(), m.getEpoch(), m.getSessionId());
            }
            case ACKNOWLEDGED -> {
                var m = message.getAcknowledged();
                yield new GatewayMessage.Acknowledged(
                        m.getPartition(), m.getEpoch(), m.getSessionId(), m.getNumber());
            }
            case USAGE -> {
                Usage m = message.getUsage();
                yield new GatewayMessage.Used(
                        m.getPartition(), m.getEpoch(), m.getMinute(), twins(m));
            }
            case OFFERS -> {
                var m = message.getOffers();
                List<Offer> offers =
                        m.getOffersList().stream()
                                .map(o ->
                                        new Offer(
                                                o.getSequence(),
                                                o.getFirst(),
                                                o.getEnvelope().toByteArray()))
                                .toList();
                yield new GatewayMessage.Offers(
                        m.getPartition(), m.getEpoch(), m.getWriter(), offers);
            }
            case QUESTION -> {
                Question m = message.getQuestion();
                Address address =
                        new Address(
                                Integer.toUnsignedLong(m.getTwin()),
                                m.hasConnection() ? m.getConnection() : null);
                yield new GatewayMessage.Asked(m.getPartition(), m.getEpoch(), m.getId(), address);
            }
            case HELLO, KIND_NOT_SET -> throw unexpected(message.getKindCase());
        };
    }

    private static dev.rmb.proto.link.Deliver encode(RouterMessage.Deliver deliver) {
        var encoded =
                dev.rmb.proto.link.Deliver.newBuilder()
                        .setPartition(deliver.partition())
                        .setEpoch(deliver.epoch())
                        .setSessionId(deliver.sessionId())
                        .setNumber(deliver.number())
                        .setOffset(deliver.offset())
                        .setEnvelope(UnsafeByteOperations.unsafeWrap(deliver.envelope()));
        Origin origin = deliver.origin();
        if (origin != null) {
            encoded.setWriter(origin.writer()).setSequence(origin.sequence());
        }
        return encoded.build();
    }

    private static dev.rmb.proto.link.Offers encode(GatewayMessage.Offers offers) {
        var encoded =
                dev.rmb.proto.link.Offers.newBuilder()
                        .setPartition(offers.partition())
                        .setEpoch(offers.epoch())
                        .setWriter(offers.writer());
        for (Offer offer : offers.offers()) {
            encoded.addOffers(
                    dev.rmb.proto.link.Offer.newBuilder()
                            .setSequence(offer.sequence())
                            .setFirst(offer.first())
                            .setEnvelope(UnsafeByteOperations.unsafeWrap(offer.envelope())));
        }
        return encoded.build();
    }

    private static dev.rmb.proto.link.Whereabouts encode(Whereabouts whereabouts) {
        return switch (whereabouts) {
            case UNKNOWN -> dev.rmb.proto.link.Whereabouts.WHEREABOUTS_UNKNOWN;
            case CONNECTED -> dev.rmb.proto.link.Whereabouts.WHEREABOUTS_CONNECTED;
            case OFFLINE -> dev.rmb.proto.link.Whereabouts.WHEREABOUTS_OFFLINE;
        };
    }

    private static Whereabouts decode(dev.rmb.proto.link.Whereabouts whereabouts) {
        return switch (whereabouts) {
            case WHEREABOUTS_CONNECTED -> Whereabouts.CONNECTED;
            case WHEREABOUTS_OFFLINE -> Whereabouts.OFFLINE;
            // What a later version may say of an address helps nobody here.
            case WHEREABOUTS_UNKNOWN, UNRECOGNIZED -> Whereabouts.UNKNOWN;
        };
    }

    private static Usage usage(int partition, long epoch, long minute, List<TwinUsage> twins) {
        Usage.Builder encoded =
                Usage.newBuilder().setPartition(partition).setEpoch(epoch).setMinute(minute);
        for (TwinUsage twin : twins) {
            encoded.addTwins(
                    dev.rmb.proto.link.TwinUsage.newBuilder()
                            .setTwin((int) twin.twin())
                            .setMessages(twin.messages())
                            .setBytes(twin.bytes()));
        }
        return encoded.build();
    }

    private static List<TwinUsage> twins(Usage usage) {
        return usage.getTwinsList().stream()
                .map(t ->
                        new TwinUsage(
                                Integer.toUnsignedLong(t.getTwin()), t.getMessages(), t.getBytes()))
                .toList();
    }

    private static Session encode(SessionInfo session) {
        Session.Builder encoded =
                Session.newBuilder()
                        .setId(session.id())
                        .setTwin((int) session.address().twin())
                        .setConnectedAtMs(session.connectedAtMs());
        String connection = session.address().connection();
        if (connection != null) {
            encoded.setConnection(connection);
        }
        return encoded.build();
    }

    private static SessionInfo decode(Session session) {
        Address address =
                new Address(
                        Integer.toUnsignedLong(session.getTwin()),
                        session.hasConnection() ? session.getConnection() : null);
        return new SessionInfo(session.getId(), address, session.getConnectedAtMs());
    }

    private static IllegalArgumentException unexpected(Object kind) {
        return new IllegalArgumentException("unexpected message on a link: " + kind);
    }
}
