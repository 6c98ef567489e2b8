package dev.rmb.router.dispatch;

import java.util.ArrayDeque;

/** What gateways said under a claim before this owner knew the claim's epoch. */
final class Early {
    private final int bound;
    private ArrayDeque<Said> said = new ArrayDeque<>();

    private record Said(long epoch, long link, Runnable again) {}

    Early(int bound) {
        this.bound = bound;
    }

    /** Returns {@code false} if there is no room. */
    boolean add(long epoch, long link, Runnable again) {
        return said.size() < bound && said.add(new Said(epoch, link, again));
    }

    void forget(long link) {
        said.removeIf(s -> s.link() == link);
    }

    void clear() {
        said.clear();
    }

    /** Says again what counts under {@code epoch}, and forgets what is older. */
    void replay(long epoch) {
        ArrayDeque<Said> before = said;
        said = new ArrayDeque<>();
        for (Said s : before) {
            if (s.epoch() >= epoch) {
                s.again().run();
            }
        }
    }
}
