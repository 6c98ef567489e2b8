package dev.rmb.peer.resp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The embedded Redis, byte for byte, and with Debian's {@code redis-cli}. */
@SuppressWarnings("NullAway.Init") // set up before all tests
final class RedisCommandsTest {
    private static EmbeddedRedis redis;

    @BeforeAll
    static void start() throws IOException {
        redis = EmbeddedRedis.start(new EmbeddedRedisSettings("127.0.0.1", 0, "secret", 1 << 20));
    }

    @AfterAll
    static void stop() {
        redis.close();
    }

    /** What redis-cli prints for commands given line by line. */
    private static String cli(String... lines) throws Exception {
        Process cli =
                new ProcessBuilder(
                                "redis-cli",
                                "-p",
                                Integer.toString(redis.port()),
                                "-a",
                                "secret",
                                "--no-auth-warning")
                        .redirectErrorStream(true)
                        .start();
        try (OutputStream in = cli.getOutputStream()) {
            in.write(String.join("\n", lines).getBytes(StandardCharsets.UTF_8));
        }
        String printed = new String(cli.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(cli.waitFor(10, TimeUnit.SECONDS)).isTrue();
        return printed.strip();
    }

    static Stream<Arguments> conversations() {
        return Stream.of(
                conversation("PONG", "PING"),
                conversation("hello", "PING hello"),
                conversation("3\nc\nb\na", "LPUSH l1 a b c", "LRANGE l1 0 -1"),
                conversation("3\na\nc\n1", "RPUSH l2 a b c", "LPOP l2", "RPOP l2", "LLEN l2"),
                conversation("5\nOK\ne\nd", "LPUSH l3 a b c d e", "LTRIM l3 0 1", "LRANGE l3 0 -1"),
                conversation("2\nOK\n0", "LPUSH l4 a b", "LTRIM l4 5 9", "EXISTS l4"),
                conversation("OK\nv\n1\n0", "SET k1 v", "GET k1", "DEL k1", "DEL k1"),
                conversation("OK\n100", "SET k2 v EX 100", "TTL k2"),
                conversation("OK\n100", "SETEX k3 100 v", "TTL k3"),
                conversation(
                        "OK\n-1\n1\n50\n-2",
                        "SET k4 v",
                        "TTL k4",
                        "EXPIRE k4 50",
                        "TTL k4",
                        "TTL none"),
                conversation("OK\n\nv", "SET k5 v NX", "SET k5 w NX", "GET k5"),
                conversation("1\nl6\na", "LPUSH l6 a", "BRPOP other l6 1"),
                conversation(
                        "OK\nWRONGTYPE Operation against a key holding the wrong kind of value",
                        "SET k7 v",
                        "LPUSH k7 a"),
                conversation("ERR syntax error", "SET k8 v SOMETHING"),
                conversation("ERR wrong number of arguments for 'lpush' command", "LPUSH l9"),
                conversation("ERR value is not an integer or out of range", "LRANGE l9 a b"),
                conversation("OK", "SELECT 0"),
                conversation("ERR DB index is out of range", "SELECT 1"),
                conversation("ERR unknown command 'FLUSHALL', with args", "FLUSHALL"));
    }

    private static Arguments conversation(String printed, String... typed) {
        return Arguments.of(printed, typed);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("conversations")
    void answersLikeARedis(String printed, String[] typed) throws Exception {
        assertThat(cli(typed)).isEqualTo(printed);
    }

    @Test
    void infoTellsTheVersion() throws Exception {
        assertThat(cli("INFO")).contains("redis_version:7.", "role:master");
    }

    /** A connection that is written and read byte for byte. */
    private static final class Wire implements AutoCloseable {
        private final Socket socket;

        Wire() throws IOException {
            socket = new Socket(InetAddress.getLoopbackAddress(), redis.port());
            socket.setSoTimeout(10_000);
        }

        void send(String text) throws IOException {
            socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
        }

        void send(List<String> words) throws IOException {
            var command = new StringBuilder("*" + words.size() + "\r\n");
            for (String word : words) {
                command.append('$')
                        .append(word.length())
                        .append("\r\n")
                        .append(word)
                        .append("\r\n");
            }
            send(command.toString());
        }

        void expect(String text) throws IOException {
            InputStream in = socket.getInputStream();
            byte[] expected = text.getBytes(StandardCharsets.UTF_8);
            assertThat(new String(in.readNBytes(expected.length), StandardCharsets.UTF_8))
                    .isEqualTo(text);
        }

        void expectEnd() throws IOException {
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }

        Wire authenticated() throws IOException {
            send(List.of("AUTH", "secret"));
            expect("+OK\r\n");
            return this;
        }

        void hangUp() throws IOException {
            socket.close();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    @Test
    void nothingIsDoneWithoutThePassword() throws Exception {
        try (var wire = new Wire()) {
            wire.send(List.of("GET", "k"));
            wire.expect("-NOAUTH Authentication required.\r\n");
            wire.send(List.of("AUTH", "wrong"));
            wire.expect("-WRONGPASS invalid username-password pair or user is disabled.\r\n");
            wire.authenticated();
        }
    }

    @Test
    void helloChoosesTheProtocolAndAuthenticates() throws Exception {
        try (var wire = new Wire()) {
            wire.send(List.of("HELLO", "3", "AUTH", "default", "secret", "SETNAME", "me"));
            wire.expect("%7\r\n$6\r\nserver\r\n$5\r\nredis\r\n$7\r\nversion\r\n");
            wire.expect("$6\r\n7.0.15\r\n$5\r\nproto\r\n:3\r\n");
        }
        try (var wire = new Wire()) {
            wire.send(List.of("HELLO", "4"));
            wire.expect("-NOPROTO unsupported protocol version\r\n");
        }
    }

    @Test
    void commandsBehindAWaitingOneAreAnsweredAfterIt() throws Exception {
        try (Wire waiting = new Wire().authenticated();
                Wire pushing = new Wire().authenticated()) {
            waiting.send("*3\r\n$5\r\nBRPOP\r\n$1\r\nq\r\n$1\r\n0\r\nPING\r\n");
            pushing.send("LPUSH q x\r\n");
            pushing.expect(":1\r\n");
            waiting.expect("*2\r\n$1\r\nq\r\n$1\r\nx\r\n+PONG\r\n");
        }
    }

    @Test
    void whoWaitsLongestIsServedFirstAndWhoLeftIsNot() throws Exception {
        try (Wire first = new Wire().authenticated();
                Wire second = new Wire().authenticated();
                Wire third = new Wire().authenticated();
                Wire pushing = new Wire().authenticated()) {
            first.send("BRPOP turn 0\r\n");
            waiting(1);
            second.send("BRPOP other turn 0\r\n");
            waiting(2);
            third.send("BRPOP turn 0\r\n");
            waiting(3);
            first.hangUp();
            waiting(2);
            pushing.send("LPUSH turn a b\r\n");
            pushing.expect(":2\r\n");
            second.expect("*2\r\n$4\r\nturn\r\n$1\r\na\r\n");
            third.expect("*2\r\n$4\r\nturn\r\n$1\r\nb\r\n");
        }
    }

    private static void waiting(int count) {
        org.awaitility.Awaitility.await()
                .until(() -> cli("INFO").contains("blocked_clients:" + count));
    }

    @Test
    void aWaitEndsInTime() throws Exception {
        try (Wire wire = new Wire().authenticated()) {
            wire.send("BRPOP nothing 0.05\r\nPING\r\n");
            wire.expect("*-1\r\n+PONG\r\n");
        }
    }

    static Stream<String> malformed() {
        return Stream.of(
                "*2000000\r\n",
                "*1\r\n$999999999\r\n",
                "*1\r\n$40000000\r\n",
                "*x\r\n",
                "*1\r\n:5\r\n",
                "*1\r\n$3\r\nabcde\r\n",
                "x".repeat(70_000));
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void whatIsNoCommandEndsTheConnection(String sent) throws Exception {
        try (Wire wire = new Wire().authenticated()) {
            wire.send(sent);
            wire.expect("-ERR Protocol error");
        }
        assertThat(cli("PING")).isEqualTo("PONG");
    }

    @Test
    void memoryIsBounded() throws Exception {
        try (Wire wire = new Wire().authenticated()) {
            String value = "x".repeat(400_000);
            wire.send(List.of("SET", "big1", value));
            wire.expect("+OK\r\n");
            wire.send(List.of("SET", "big2", value));
            wire.expect("+OK\r\n");
            wire.send(List.of("SET", "big3", value));
            wire.expect("-OOM command not allowed when used memory > 'maxmemory'.\r\n");
            wire.send(List.of("DEL", "big1", "big2"));
            wire.expect(":2\r\n");
            wire.send(List.of("SET", "big3", value));
            wire.expect("+OK\r\n");
            wire.send(List.of("DEL", "big3"));
            wire.expect(":1\r\n");
        }
    }

    @Test
    void quitIsAnsweredAndThenTheConnectionEnds() throws Exception {
        try (Wire wire = new Wire().authenticated()) {
            wire.send("QUIT\r\n");
            wire.expect("+OK\r\n");
            wire.expectEnd();
        }
    }
}
