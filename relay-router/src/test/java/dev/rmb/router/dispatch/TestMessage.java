package dev.rmb.router.dispatch;

import dev.rmb.cluster.Partitioning;
import dev.rmb.cluster.RecordHeader;
import dev.rmb.proto.Address;
import dev.rmb.proto.Envelope;
import dev.rmb.proto.Request;
import dev.rmb.proto.Response;

/** Envelopes as peers write them, small. */
public final class TestMessage {
    static final long EXPIRATION = 300;

    private final Envelope.Builder envelope = Envelope.newBuilder();
    private final long twin;

    private TestMessage(dev.rmb.protocol.Address to) {
        twin = to.twin();
        envelope.setUid("uid")
                .setTimestamp(1_000)
                .setExpiration(EXPIRATION)
                .setSource(Address.newBuilder().setTwin(99).setConnection("caller"))
                .setDestination(wire(to));
    }

    public static TestMessage request(String to) {
        TestMessage message = new TestMessage(dev.rmb.protocol.Address.parse(to));
        message.envelope.setRequest(Request.newBuilder().setCommand("run"));
        return message;
    }

    static TestMessage response(String to) {
        TestMessage message = new TestMessage(dev.rmb.protocol.Address.parse(to));
        message.envelope.setResponse(Response.getDefaultInstance());
        return message;
    }

    TestMessage uid(String uid) {
        envelope.setUid(uid);
        return this;
    }

    TestMessage failFast() {
        envelope.setTags("a, fail-fast");
        return this;
    }

    TestMessage expiration(long seconds) {
        envelope.setExpiration(seconds);
        return this;
    }

    TestMessage payload(int bytes) {
        envelope.setPlain(com.google.protobuf.ByteString.copyFrom(new byte[bytes]));
        return this;
    }

    public byte[] key() {
        return Partitioning.key(twin);
    }

    public byte[] value() {
        return envelope.build().toByteArray();
    }

    public static byte[] header() {
        return new RecordHeader(RecordHeader.Kind.PEER, 1_000_000).encode();
    }

    private static Address wire(dev.rmb.protocol.Address address) {
        Address.Builder wire = Address.newBuilder().setTwin((int) address.twin());
        String connection = address.connection();
        if (connection != null) {
            wire.setConnection(connection);
        }
        return wire.build();
    }
}
