package dev.rmb.gateway.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rmb.gateway.Frames;
import dev.rmb.gateway.Frames.Frame;
import dev.rmb.proto.Envelope;
import dev.rmb.server.config.HostPort;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Length-prefixed frames: docs/transports.md. */
final class TcpDialect implements PlainDialect {
    @Override
    public boolean isServed(RelayUnderTest relay) {
        return relay.tcp().isPresent();
    }

    @Override
    public Client connect(RelayUnderTest relay, String token) throws IOException {
        var client = new TcpClient(relay.tcp().orElseThrow());
        client.frames.send(Frames.TOKEN, token.getBytes(UTF_8));
        Frame answer = client.frames.read();
        if (answer.type() != Frames.TOKEN) {
            client.close();
            throw new IOException("not let in: " + answer.text());
        }
        return client;
    }

    @Override
    public Refusal refused(RelayUnderTest relay, @Nullable String token) throws IOException {
        try (var frames = new Frames(relay.tcp().orElseThrow())) {
            if (token == null) {
                frames.send(Frames.PING, new byte[0]);
            } else {
                frames.send(Frames.TOKEN, token.getBytes(UTF_8));
            }
            return new Refusal(0, frames.untilClosed());
        }
    }

    /** Acknowledges each envelope when it is taken, and answers pings, unless told not to. */
    private static final class TcpClient implements Client {
        private final Frames frames;
        private boolean confirms = true;
        private long received;

        TcpClient(HostPort to) throws IOException {
            this.frames = new Frames(to);
        }

        /** The next frame that is not a ping. */
        private Frame read() throws IOException {
            while (true) {
                Frame frame = frames.read();
                if (frame.type() == Frames.ENVELOPE) {
                    received++;
                }
                if (frame.type() != Frames.PING) {
                    return frame;
                }
                if (confirms) {
                    frames.send(Frames.PONG, frame.body());
                }
            }
        }

        @Override
        public void send(byte[] envelope) throws IOException {
            frames.send(Frames.ENVELOPE, envelope);
        }

        @Override
        public byte[] next() throws IOException {
            Frame frame = read();
            if (frame.type() != Frames.ENVELOPE) {
                throw new IOException("no envelope but " + frame.type() + " " + frame.text());
            }
            if (confirms) {
                frames.acknowledge(received);
            }
            return frame.body();
        }

        @Override
        public void confirm() throws IOException {
            frames.acknowledge(received);
        }

        @Override
        public void confirmNothing() {
            confirms = false;
        }

        @Override
        public String refusalOf(Envelope request) throws IOException {
            send(request);
            return ErrorEnvelopes.textOf(nextEnvelope(), request);
        }

        @Override
        public Optional<String> ping() throws IOException {
            frames.send(Frames.PING, "are you there?".getBytes(UTF_8));
            Frame answer = read();
            return Optional.of(
                    answer.type() == Frames.PONG ? answer.text() : "no pong: " + answer.type());
        }

        @Override
        public String ending() throws IOException {
            return frames.untilClosed();
        }

        @Override
        public void sendTooMuch() throws IOException {
            frames.raw(new byte[] {1, 0, 0, 1, Frames.ENVELOPE});
        }

        @Override
        public void close() throws IOException {
            frames.close();
        }
    }
}
