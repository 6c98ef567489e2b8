package dev.rmb.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

final class AddressOrderTest {
    @Test
    void addressesAreOrderedByTwinThenByNameWithNoneFirst() {
        List<Address> inOrder =
                List.of(
                        new Address(1, null),
                        new Address(1, ""),
                        new Address(1, "a"),
                        new Address(1, "b"),
                        new Address(2, null),
                        new Address(0xFFFF_FFFFL, ""));

        assertThat(
                        new TreeSet<>(
                                List.of(
                                        inOrder.get(5),
                                        inOrder.get(3),
                                        inOrder.get(1),
                                        inOrder.get(0),
                                        inOrder.get(4),
                                        inOrder.get(2))))
                .containsExactlyElementsOf(inOrder);
    }

    @Test
    void theOrderAgreesWithEquality() {
        Address address = new Address(7, "Aa");

        assertThat(address.compareTo(new Address(7, "Aa"))).isZero();
        assertThat(address.compareTo(new Address(7, "BB"))).isNotZero();
    }

    /** Without the order these would take a comparison for each pair: a day and not a moment. */
    @Test
    void namesWhoseHashesCollideAreStillToldApart() {
        Map<Address, Integer> map = new HashMap<>();
        int names = 1 << 17;
        for (int n = 0; n < names; n++) {
            map.put(new Address(7, colliding(n)), n);
        }

        assertThat(map).hasSize(names);
        assertThat(map.get(new Address(7, colliding(4_711)))).isEqualTo(4_711);
    }

    private static String colliding(int n) {
        StringBuilder name = new StringBuilder();
        for (int bit = 0; bit < 17; bit++) {
            name.append((n >> bit & 1) == 0 ? "Aa" : "BB");
        }
        return name.toString();
    }
}
