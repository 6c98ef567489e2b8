package dev.rmb.router.stream;

import dev.rmb.cluster.members.Member;
import dev.rmb.cluster.members.Members;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** The gateways that are alive, looked up anew now and then: every partition asks all the time. */
public final class LiveGateways {
    private static final long FRESH_MS = 100;

    private final Supplier<Set<String>> source;
    private volatile Seen seen = new Seen(Set.of(), Long.MIN_VALUE);

    private record Seen(Set<String> pods, long atMs) {}

    public LiveGateways(Members members) {
        this(() ->
                members.alive(Member.Role.GATEWAY).stream()
                        .map(Member::pod)
                        .collect(Collectors.toUnmodifiableSet()));
    }

    LiveGateways(Supplier<Set<String>> source) {
        this.source = source;
    }

    Set<String> at(long nowMs) {
        Seen last = seen;
        if (nowMs >= last.atMs() && nowMs - last.atMs() < FRESH_MS) {
            return last.pods();
        }
        Set<String> pods = source.get();
        seen = new Seen(pods, nowMs);
        return pods;
    }
}
