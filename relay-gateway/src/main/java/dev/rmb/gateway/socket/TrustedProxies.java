package dev.rmb.gateway.socket;

import dev.rmb.cluster.net.AddressRange;
import java.net.InetAddress;
import java.util.List;

/** Whose word is taken for where a client is from. Immutable. */
public record TrustedProxies(List<AddressRange> ranges) {
    /** Nobody's. */
    public static final TrustedProxies NONE = new TrustedProxies(List.of());

    public TrustedProxies {
        ranges = List.copyOf(ranges);
    }

    public boolean trust(InetAddress address) {
        for (AddressRange range : ranges) {
            if (range.contains(address)) {
                return true;
            }
        }
        return false;
    }
}
