package dev.rmb.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rmb.gateway.Peer.Answer;
import dev.rmb.gateway.Peer.Frame;
import dev.rmb.proto.Envelope;
import dev.rmb.protocol.identity.AccountId;
import dev.rmb.twins.DirectoryException;
import dev.rmb.twins.Twin;
import dev.rmb.twins.TwinDirectory;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What docs/specification.md, 8.2, says about clients that do it wrong, beyond the conformance
 * suite: what needs a relay of the test's own, and how WebSockets end.
 */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class BadInputTest {
    private static final TestTwin ALICE = TestGateway.ALICE;
    private static final TestTwin BOB = TestGateway.BOB;

    private TestGateway gateway;

    @BeforeAll
    void start() throws IOException {
        gateway = new TestGateway("http: {handshakeTimeout: 300ms}");
    }

    @AfterAll
    void stop() {
        gateway.close();
    }

    @Test
    void anExpiredTokenIsUnauthorized() throws IOException {
        assertThat(upgrade("/?" + ALICE.expiredToken()))
                .isEqualTo(new Refusal(401, "token expired"));
    }

    @Test
    void aDirectoryThatFailsIsTheRelaysFault() throws IOException {
        try (var failing = new TestGateway("", new FailingDirectory())) {
            Answer answer =
                    Peer.refused(failing.address(), Peer.upgradeRequest("/?" + ALICE.token(null)));

            assertThat(answer.status()).isEqualTo(500);
        }
    }

    @Test
    void aDirectoryThatNeverAnswersIsGivenUp() throws IOException {
        try (var hanging =
                new TestGateway("auth: {directoryTimeout: 50ms}", new HangingDirectory())) {
            Answer answer =
                    Peer.refused(hanging.address(), Peer.upgradeRequest("/?" + ALICE.token(null)));

            assertThat(answer.status()).isEqualTo(500);
        }
    }

    @Test
    void anotherWebSocketVersionIsToldTheRightOne() throws IOException {
        String request =
                Peer.upgradeRequest("/?" + ALICE.token(null)).replace("Version: 13", "Version: 8");

        Answer answer = Peer.refused(gateway.address(), request);

        assertThat(answer.status()).isEqualTo(426);
        assertThat(answer.headers()).contains("sec-websocket-version: 13");
    }

    @ParameterizedTest
    @CsvSource({"/?, 30000, 414", "/?, 0, 431"})
    void headsBeyondTheirLimitsAreRefused(String path, int tokenLength, int status)
            throws IOException {
        String request = Peer.upgradeRequest(path + "x".repeat(tokenLength));
        if (tokenLength == 0) {
            request = request.replace("Host: relay", "Host: " + "x".repeat(20_000));
        }

        assertThat(Peer.refused(gateway.address(), request).status()).isEqualTo(status);
    }

    @Test
    void whatIsNoHttpIsRefused() throws IOException {
        assertThat(Peer.refused(gateway.address(), "\u0001\u0002 nonsense\r\n\r\n").status())
                .isEqualTo(400);
    }

    @Test
    void whoSaysNothingIsDisconnected() throws IOException {
        try (var silent = Peer.silent(gateway.address())) {
            assertThat(silent.ends()).isTrue();
        }
    }

    @Test
    void anOversizedMessageInFragmentsDisconnects() throws IOException {
        try (var peer = gateway.connect(ALICE, "fragments")) {
            byte[] part = new byte[8 << 20];
            peer.frame(Peer.BINARY, part);
            peer.frame(0, part);
            peer.frame(0x80, new byte[1]);

            assertThat(peer.untilClosed().closeCode()).isEqualTo(1009);
        }
    }

    @ParameterizedTest
    @CsvSource({"0xC2, reserved bits", "0x83, unknown opcode", "0x80, continuation", "0x09, ping"})
    void framesThatBreakTheRulesDisconnect(String first, String what) throws IOException {
        assertThat(closeAfter(Integer.decode(first), new byte[1])).as(what).isEqualTo(1002);
    }

    @Test
    void anUnmaskedFrameDisconnects() throws IOException {
        try (var peer = gateway.connect(ALICE, "unmasked")) {
            peer.raw((byte) 0x82, (byte) 1, (byte) 0);

            assertThat(peer.untilClosed().closeCode()).isEqualTo(1002);
        }
    }

    @Test
    void aRequestFromAWrongSourceIsRefusedAndTheConnectionStays() throws IOException {
        try (var peer = gateway.connect(ALICE)) {
            Envelope wrong =
                    ALICE.request(BOB, "r1").toBuilder().setSource(ALICE.address("other")).build();
            peer.send(wrong);
            Envelope error = peer.nextEnvelope();

            assertThat(error.getUid()).isEqualTo("r1");
            assertThat(error.hasSource()).isFalse();
            assertThat(error.getDestination()).isEqualTo(ALICE.address(null));
            assertThat(error.getError().getMessage()).isEqualTo("message wrong source");
            assertThat(error.getError().getCode()).isZero();
            assertThat(error.getExpiration()).isEqualTo(300);
            assertThat(error.hasSignature()).isFalse();

            peer.send(ALICE.request(BOB, "r2"));
            Gateways.awaitAccepted(gateway, "r2");
        }
    }

    @Test
    void anEmptyConnectionIsNotTheAbsentOne() throws IOException {
        try (var peer = gateway.connect(ALICE)) {
            peer.send(ALICE.request(BOB, "r1").toBuilder().setSource(ALICE.address("")).build());

            assertThat(peer.nextEnvelope().getError().getMessage())
                    .isEqualTo("message wrong source");
        }
    }

    @Test
    void onlyRequestsAreAnsweredWithErrors() throws IOException {
        try (var peer = gateway.connect(ALICE)) {
            peer.send(ALICE.response(BOB, "r1").toBuilder().setSource(BOB.address(null)).build());
            peer.send(ALICE.response(BOB, "r2").toBuilder().clearDestination().build());
            peer.frame(0x80 | Peer.PING, new byte[0]);

            assertThat(peer.next().opcode()).isEqualTo(Peer.PONG);
        }
    }

    private record Refusal(int status, String reason) {}

    private Refusal upgrade(String target) throws IOException {
        Answer answer = Peer.refused(gateway.address(), Peer.upgradeRequest(target));
        return new Refusal(answer.status(), answer.body());
    }

    private int closeAfter(int first, byte[] payload) throws IOException {
        try (var peer = gateway.connect(ALICE, "bad")) {
            peer.frame(first, payload);
            Frame closed = peer.untilClosed();
            return closed.closeCode();
        }
    }

    private static class FailingDirectory implements TwinDirectory {
        @Override
        public CompletionStage<Optional<Twin>> byId(long id) {
            return CompletableFuture.failedStage(DirectoryException.retryable("away", null));
        }

        @Override
        public CompletionStage<Optional<Twin>> byAccount(AccountId account) {
            return CompletableFuture.failedStage(DirectoryException.retryable("away", null));
        }

        @Override
        public void close() {}
    }

    private static final class HangingDirectory extends FailingDirectory {
        @Override
        public CompletionStage<Optional<Twin>> byId(long id) {
            return new CompletableFuture<>();
        }
    }
}
