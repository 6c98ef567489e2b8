package dev.rmb.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class WheelTest {
    private static final long TICK = 10;

    private final Wheel wheel = new Wheel(TICK);

    private static final class Timer extends Wheel.Spoke {}

    @ParameterizedTest
    @MethodSource("seeds")
    void eachComesUpOnceOnTimeUnlessTakenOffAndNeverLate(long seed) {
        var random = new SplittableRandom(seed);
        List<Timer> timers = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            timers.add(new Timer());
        }
        Map<Timer, Long> due = new HashMap<>();
        for (long now = 0; now < 1000; now++) {
            Timer timer = timers.get(random.nextInt(timers.size()));
            if (random.nextInt(3) == 0) {
                wheel.remove(timer);
                due.remove(timer);
            } else {
                long ticks = random.nextLong(0, 63);
                wheel.put(timer, ticks * TICK);
                due.put(timer, now + Math.max(1, ticks));
            }
            List<Wheel.Spoke> up = new ArrayList<>();
            wheel.tick(up::add);
            List<Timer> expected = new ArrayList<>();
            for (Map.Entry<Timer, Long> entry : due.entrySet()) {
                if (entry.getValue() == now + 1) {
                    expected.add(entry.getKey());
                }
            }
            assertThat(up).hasSameElementsAs(expected).hasSameSizeAs(expected);
            expected.forEach(due::remove);
        }
    }

    static LongStream seeds() {
        return LongStream.range(0, 20);
    }
}
