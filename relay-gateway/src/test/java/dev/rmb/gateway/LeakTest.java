package dev.rmb.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.rmb.cluster.link.SessionInfo;
import dev.rmb.protocol.Address;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

/** Whatever clients do in the middle of something, Netty's buffers are given back. */
@Timeout(120)
final class LeakTest {
    private static final int ROUNDS = 100;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final TestTwin BOB = TestGateway.BOB;

    private final ListAppender<ILoggingEvent> reports = new ListAppender<>();
    private final Logger detector =
            (Logger) LoggerFactory.getLogger(ResourceLeakDetector.class.getName());
    private ResourceLeakDetector.Level before;

    @BeforeEach
    void watch() {
        before = ResourceLeakDetector.getLevel();
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
        reports.start();
        detector.addAppender(reports);
        detector.setAdditive(false);
    }

    @AfterEach
    void restore() {
        detector.setAdditive(true);
        detector.detachAppender(reports);
        ResourceLeakDetector.setLevel(before);
    }

    @Test
    void noBufferIsLeftBehindByClientsThatVanishOrMisbehave() throws IOException {
        try (var gateway = new TestGateway("sessions: {inFlight: 1KiB}")) {
            gateway.claimAll();
            for (int round = 0; round < ROUNDS; round++) {
                misbehave(gateway, round);
            }
        }
        // One that is left behind on purpose: when it is found, those before it were looked for.
        ByteBufAllocator.DEFAULT.directBuffer(16).touch("on purpose");
        await().atMost(PATIENCE)
                .until(() -> {
                    System.gc();
                    ByteBufAllocator.DEFAULT.directBuffer(16).release();
                    return leaks().stream().anyMatch(l -> l.contains("on purpose"));
                });

        assertThat(leaks()).allMatch(l -> l.contains("on purpose"));
    }

    private List<String> leaks() {
        return List.copyOf(reports.list).stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    private static void misbehave(TestGateway gateway, int round) throws IOException {
        String name = "n" + round;
        try (var peer = gateway.connect(BOB, name)) {
            SessionInfo session = gateway.router.awaitPresent(new Address(BOB.id, name));
            gateway.deliver(BOB, session, 1, round, new byte[100]);
            byte[] frame = peer.frameBytes(0x82, new byte[5_000]);
            switch (round % 5) {
                case 0 -> peer.raw(Arrays.copyOf(frame, 3));
                case 1 -> peer.raw(Arrays.copyOf(frame, 3_000));
                case 2 -> peer.frame(0x81, new byte[3]);
                case 3 -> peer.frame(0x89, new byte[20]);
                default -> {
                    gateway.log.stall();
                    for (int i = 0; i < 50; i++) {
                        peer.send(
                                BOB.request(TestGateway.ALICE, "m").toBuilder()
                                        .setSource(BOB.address(name))
                                        .build());
                    }
                }
            }
            if (round % 2 == 0) {
                peer.reset();
            }
        }
        gateway.log.go();
    }
}
