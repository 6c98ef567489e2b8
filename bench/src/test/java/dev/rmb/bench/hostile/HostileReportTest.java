package dev.rmb.bench.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HostileReportTest {
    @Test
    void theMedianIsTheMiddleOneOrBetweenTheMiddleTwo() {
        assertThat(HostileReport.median(new double[] {5, 1, 3})).isEqualTo(3);
        assertThat(HostileReport.median(new double[] {4, 1, 3, 100})).isEqualTo(3.5);
        assertThat(HostileReport.median(new double[] {7})).isEqualTo(7);
    }
}
