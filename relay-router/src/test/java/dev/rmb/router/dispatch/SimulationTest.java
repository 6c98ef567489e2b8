package dev.rmb.router.dispatch;

import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Executions drawn from seeds. A failing one replays: its seed is in the test's name. */
final class SimulationTest {
    private static final int SEEDS = 400;
    private static final int STEPS = 3_000;

    static LongStream seeds() {
        return LongStream.range(0, SEEDS);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void nothingIsLostReorderedOrRepeatedWhateverFails(long seed) {
        Simulation simulation = new Simulation(seed);
        simulation.run(STEPS);
        simulation.heal();
    }
}
