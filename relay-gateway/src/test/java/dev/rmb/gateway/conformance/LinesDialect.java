package dev.rmb.gateway.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rmb.proto.Envelope;
import dev.rmb.server.config.HostPort;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The transport that is no part of the gateway: {@link dev.rmb.elsewhere.LinesTransport}. */
final class LinesDialect implements PlainDialect {
    private static final int TIMEOUT_MS = 10_000;

    @Override
    public boolean isServed(RelayUnderTest relay) {
        return relay.lines().isPresent();
    }

    @Override
    public Client connect(RelayUnderTest relay, String token) throws IOException {
        var client = new LinesClient(relay.lines().orElseThrow());
        client.line(token);
        String answer = client.read();
        if (!answer.equals("+")) {
            client.close();
            throw new IOException("not let in: " + answer);
        }
        return client;
    }

    @Override
    public Refusal refused(RelayUnderTest relay, @Nullable String token) throws IOException {
        try (var client = new LinesClient(relay.lines().orElseThrow())) {
            client.line(token == null ? "" : token);
            return new Refusal(0, client.ending());
        }
    }

    private static final class LinesClient implements Client {
        private final Socket socket;
        private final BufferedReader in;
        private final OutputStream out;
        private boolean answers = true;

        LinesClient(HostPort to) throws IOException {
            this.socket = new Socket(to.host(), to.port());
            socket.setSoTimeout(TIMEOUT_MS);
            this.in = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
            this.out = socket.getOutputStream();
        }

        void line(String text) throws IOException {
            out.write((text + "\n").getBytes(UTF_8));
            out.flush();
        }

        /** The next line; a question is answered. */
        String read() throws IOException {
            while (true) {
                String line = in.readLine();
                if (line == null) {
                    throw new EOFException("no more lines");
                }
                if (!line.startsWith("?")) {
                    return line;
                }
                if (answers) {
                    line("!" + line.substring(1));
                }
            }
        }

        @Override
        public void send(byte[] envelope) throws IOException {
            line(HexFormat.of().formatHex(envelope));
        }

        @Override
        public byte[] next() throws IOException {
            return HexFormat.of().parseHex(read());
        }

        @Override
        public void confirm() throws IOException {
            // The question about what came is before the answer to this one, or comes soon.
            String question;
            do {
                question = in.readLine();
            } while (question != null && !question.startsWith("?"));
            if (question == null) {
                throw new EOFException("no more lines");
            }
            line("!" + question.substring(1));
        }

        @Override
        public void confirmNothing() {
            answers = false;
        }

        @Override
        public String refusalOf(Envelope request) throws IOException {
            send(request);
            return ErrorEnvelopes.textOf(nextEnvelope(), request);
        }

        @Override
        public Optional<String> ping() throws IOException {
            line("?are you there?");
            return Optional.of(read().substring(1));
        }

        @Override
        public String ending() throws IOException {
            String line;
            do {
                line = read();
            } while (!line.startsWith("-"));
            return line.substring(1);
        }

        @Override
        public void sendTooMuch() throws IOException {
            byte[] digits = new byte[1 << 20];
            Arrays.fill(digits, (byte) '0');
            try {
                for (int sent = 0; sent <= 2 * (16 << 20); sent += digits.length) {
                    out.write(digits);
                }
            } catch (IOException e) {
                // The relay has had enough of it, as it should.
                return;
            }
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
