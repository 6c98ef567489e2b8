package dev.rmb.twins;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TwinTest {
    @ParameterizedTest
    @ValueSource(longs = {0, -1, 1L << 32})
    void anIdThatDoesNotFitTheWireIsRefused(long id) {
        assertThatThrownBy(() -> Twins.bare(id)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theKeyCannotBeChangedFromOutside() {
        byte[] pk = Twins.pk(1);
        var twin = new Twin(1, Twins.account(1), null, pk);
        pk[1] = 9;
        byte[] read = twin.pk();
        Objects.requireNonNull(read)[1] = 9;

        assertThat(twin.pk()).isEqualTo(Twins.pk(1));
    }

    @Test
    void twinsAreComparedByContent() {
        assertThat(Twins.full(7)).isEqualTo(Twins.full(7)).hasSameHashCodeAs(Twins.full(7));
        assertThat(Twins.full(7)).isNotEqualTo(Twins.bare(7));
        assertThat(Twins.full(7))
                .isNotEqualTo(new Twin(7, Twins.account(7), Twins.full(7).relay(), Twins.pk(8)));
    }
}
