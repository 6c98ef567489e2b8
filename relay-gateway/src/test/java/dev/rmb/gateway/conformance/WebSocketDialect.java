package dev.rmb.gateway.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rmb.gateway.Peer;
import dev.rmb.proto.Envelope;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** WebSockets, as existing clients speak them. */
final class WebSocketDialect implements Dialect {
    private static final int FIN = 0x80;

    @Override
    public boolean isServed(RelayUnderTest relay) {
        return true;
    }

    @Override
    public Client connect(RelayUnderTest relay, String token) throws IOException {
        return new WebSocketClient(Peer.connect(relay.http(), token));
    }

    @Override
    public Refusal refused(RelayUnderTest relay, @Nullable String token) throws IOException {
        Peer.Answer answer =
                Peer.refused(relay.http(), Peer.upgradeRequest(token == null ? "/" : "/?" + token));
        return new Refusal(answer.status(), answer.body());
    }

    @Override
    public boolean hasStatus() {
        return true;
    }

    @Override
    public String replaced() {
        return "1000 replaced by a newer connection";
    }

    @Override
    public String notAnEnvelope() {
        return "1008 not an envelope";
    }

    @Override
    public String tooBig() {
        return "1009 message too big";
    }

    private record WebSocketClient(Peer peer) implements Client {
        @Override
        public void send(byte[] envelope) throws IOException {
            peer.send(envelope);
        }

        @Override
        public byte[] next() throws IOException {
            Peer.Frame frame = peer.next();
            if (frame.opcode() != Peer.BINARY) {
                throw new IOException("no envelope but " + frame.opcode());
            }
            return frame.payload();
        }

        @Override
        public void confirm() throws IOException {
            // The ping for what came is behind it.
            peer.serveFor(100);
        }

        @Override
        public void confirmNothing() {
            peer.answerPings(false);
        }

        @Override
        public String refusalOf(Envelope request) throws IOException {
            send(request);
            return ErrorEnvelopes.textOf(nextEnvelope(), request);
        }

        @Override
        public Optional<String> ping() throws IOException {
            peer.frame(FIN | Peer.PING, "are you there?".getBytes(UTF_8));
            Peer.Frame answer = peer.next();
            return Optional.of(
                    answer.opcode() == Peer.PONG
                            ? new String(answer.payload(), UTF_8)
                            : "no pong but " + answer.opcode());
        }

        @Override
        public String ending() throws IOException {
            Peer.Frame frame = peer.untilClosed();
            return frame.closeCode() + " " + frame.closeReason();
        }

        @Override
        public void sendTooMuch() throws IOException {
            byte[] header = new byte[14];
            header[0] = (byte) 0x82;
            header[1] = (byte) 0xFF;
            header[6] = 1;
            header[9] = 1;
            peer.raw(header);
        }

        @Override
        public void close() throws IOException {
            peer.close();
        }
    }
}
