package dev.rmb.reliability.load;

import java.net.URI;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The ways into the relay, as a client has them in its configuration.
 *
 * @param all each tells where it is now, or nothing while it has no address; asked on any thread,
 *     and must not wait
 */
public record Doors(List<Supplier<@Nullable URI>> all) {
    public Doors {
        all = List.copyOf(all);
    }

    @Nullable URI door(int index) {
        return all.get(Math.floorMod(index, all.size())).get();
    }
}
