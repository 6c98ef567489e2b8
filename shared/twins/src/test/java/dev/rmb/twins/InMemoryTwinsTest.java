package dev.rmb.twins;

import java.util.ArrayList;
import java.util.List;

final class InMemoryTwinsTest extends TwinDirectoryContract {
    private final InMemoryTwins twins = new InMemoryTwins();
    private final List<Twin> held = new ArrayList<>();

    @Override
    void given(List<Twin> wanted) {
        held.stream()
                .filter(old -> wanted.stream().noneMatch(twin -> twin.id() == old.id()))
                .forEach(old -> twins.remove(old.id()));
        wanted.forEach(twins::put);
        held.clear();
        held.addAll(wanted);
    }

    @Override
    TwinDirectory directory() {
        return twins;
    }
}
