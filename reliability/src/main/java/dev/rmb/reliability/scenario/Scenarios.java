package dev.rmb.reliability.scenario;

import java.util.List;

/** All there are. */
public final class Scenarios {
    private static final List<Scenario> ALL =
            List.of(
                    new KilledRouters(),
                    new KilledGateways(),
                    new KilledBrokers(1),
                    new KilledBrokers(3),
                    new EverythingKilled(),
                    new FrozenRouter(),
                    new FrozenGateway(),
                    new RollingRestart(),
                    new HalfOpenReceivers(),
                    new FlappingReceivers(),
                    new ManyMailboxes(),
                    new FullDisk(),
                    new BrokenLink(),
                    new LargeEnvelopes(),
                    new FarReceivers(),
                    new Drain(),
                    new MorePartitions());

    private static final List<String> SHORT = List.of("1", "2", "4", "7");

    private Scenarios() {}

    /** All, in the order of their numbers. */
    public static List<Scenario> all() {
        return ALL;
    }

    /** Those that are run all the time. */
    public static List<Scenario> shortForm() {
        return ALL.stream().filter(scenario -> SHORT.contains(scenario.id())).toList();
    }

    /** Those with this id, or with this number in their id. */
    public static List<Scenario> named(String id) {
        return ALL.stream()
                .filter(scenario ->
                        scenario.id().equals(id)
                                || scenario.id().replaceAll("[a-z]", "").equals(id))
                .toList();
    }
}
