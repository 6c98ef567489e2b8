package dev.rmb.cluster.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

final class LimitsTest {
    private static final LimitKind PER_TWIN = LimitKind.count("gateway.sessions.maxPerTwin");
    private static final LimitKind ALL = LimitKind.countFrom(1, "gateway.sessions.max");

    private final Limits limits = new Limits();

    @Test
    void aChangeHoldsUntilItIsTakenBack() {
        Limit perTwin = limits.add(PER_TWIN, 1_000);
        Limit all = limits.add(ALL, 100_000);

        limits.put(change(PER_TWIN, 5));

        assertThat(perTwin.inForce()).isEqualTo(5);
        assertThat(perTwin.configured()).isEqualTo(1_000);
        assertThat(all.inForce()).isEqualTo(100_000);
        assertThat(limits.change(PER_TWIN.name())).contains(change(PER_TWIN, 5));

        limits.remove(PER_TWIN.name());
        assertThat(perTwin.inForce()).isEqualTo(1_000);
        assertThat(limits.change(PER_TWIN.name())).isEmpty();
    }

    @Test
    void whatWasChangedBeforeALimitWasTakenUpHoldsFromItsBeginning() {
        limits.put(change(PER_TWIN, 5));

        assertThat(limits.add(PER_TWIN, 1_000).inForce()).isEqualTo(5);
    }

    @Test
    void zeroIsNoLimitWhereItMeansThat() {
        Limit perTwin = limits.add(PER_TWIN, 5);
        assertThat(perTwin.isNone()).isFalse();

        limits.put(change(PER_TWIN, 0));

        assertThat(perTwin.isNone()).isTrue();
        assertThat(PER_TWIN.allows(-1)).isFalse();
        assertThat(ALL.allows(0)).isFalse();
        assertThat(ALL.allows(1L << 31)).isFalse();
    }

    @Test
    void ofATopicThatWasMadeAnewOnlyWhatItHoldsCounts() {
        Limit perTwin = limits.add(PER_TWIN, 1_000);
        Limit all = limits.add(ALL, 100_000);
        limits.put(change(PER_TWIN, 5));

        limits.replaceAll(List.of(change(ALL, 7)));

        assertThat(perTwin.inForce()).isEqualTo(1_000);
        assertThat(all.inForce()).isEqualTo(7);
        assertThat(limits.change(PER_TWIN.name())).isEmpty();
    }

    @Test
    void aValueThatThisVersionDoesNotTakeLeavesTheConfiguredOne() {
        Limit all = limits.add(ALL, 100_000);
        limits.put(change(ALL, 7));

        limits.put(change(ALL, 0));

        assertThat(all.inForce()).isEqualTo(100_000);
    }

    @Test
    void noTwoLimitsHaveOneName() {
        limits.add(ALL, 1);

        assertThatThrownBy(() -> limits.add(ALL, 2)).isInstanceOf(IllegalArgumentException.class);
    }

    private static LimitChange change(LimitKind kind, long value) {
        return new LimitChange(kind.name(), value, "flood", Instant.EPOCH);
    }
}
