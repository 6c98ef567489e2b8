package dev.rmb.router.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Executions drawn from seeds. Which ones is said by the properties {@code simulation.from} and
 * {@code simulation.seeds}, or by the profile {@code simulation}, which takes a million. The
 * message of a failing one says how to replay it.
 */
final class SimulationTest {
    private static final int SEEDS = Integer.getInteger("simulation.seeds", 2_000);
    private static final long FROM = Long.getLong("simulation.from", 0);

    /** A test for each of a few seeds; of many, for each so many. */
    private static final int BLOCK = SEEDS > 10_000 ? 1_000 : 1;

    private static final int STEPS = 3_000;

    static LongStream seeds() {
        return LongStream.iterate(FROM, from -> from < FROM + SEEDS, from -> from + BLOCK);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void nothingIsLostReorderedRepeatedOrWronglyRefusedWhateverFails(long from) {
        for (long seed = from; seed < Math.min(from + BLOCK, FROM + SEEDS); seed++) {
            try {
                new Simulation(seed).run(steps(seed));
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError(
                        "Replay by: mvn verify -pl relay-router -am -Dtest=SimulationTest"
                                + " -Dsurefire.failIfNoSpecifiedTests=false"
                                + " -Dsimulation.seeds=1 -Dsimulation.from="
                                + seed,
                        e);
            }
        }
    }

    /** It can fail. */
    @Test
    void rule03WithoutTheWatermarkMessagesAreLost() {
        int failed = 0;
        for (long seed = 0; seed < 20; seed++) {
            try {
                new Simulation(seed, true).run(STEPS);
            } catch (AssertionError e) {
                failed++;
            }
        }
        assertThat(failed).isGreaterThan(15);
    }

    /** Most bugs need few steps: short executions, and more of them. */
    private static int steps(long seed) {
        return seed % 8 == 0 ? STEPS : STEPS / 8;
    }
}
