package dev.rmb.router.federation;

import dev.rmb.cluster.net.AddressRange;
import dev.rmb.cluster.net.IpAddress;
import java.net.InetAddress;
import java.util.List;
import java.util.stream.Stream;

/**
 * Which addresses a relay may have. Twins choose where their mail is sent, so without this anybody
 * could have the router speak to machines that only it can reach.
 */
final class PublicAddresses {
    /** Not to be reached from anywhere: this machine, private networks, and what has no place. */
    private static final List<AddressRange> OTHERS =
            Stream.of(
                            "0.0.0.0/8",
                            "10.0.0.0/8",
                            "100.64.0.0/10",
                            "127.0.0.0/8",
                            "169.254.0.0/16",
                            "172.16.0.0/12",
                            "192.0.0.0/24",
                            "192.0.2.0/24",
                            "192.88.99.0/24",
                            "192.168.0.0/16",
                            "198.18.0.0/15",
                            "198.51.100.0/24",
                            "203.0.113.0/24",
                            "224.0.0.0/3")
                    .map(AddressRange::parse)
                    .toList();

    /** All that is given out to be reached from anywhere. */
    private static final AddressRange GLOBAL_6 = AddressRange.parse("2000::/3");

    /** Of these, what is for documents, or leads to an IPv4 address. */
    private static final List<AddressRange> OTHERS_6 =
            Stream.of("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")
                    .map(AddressRange::parse)
                    .toList();

    private PublicAddresses() {}

    static boolean contains(InetAddress address) {
        InetAddress plain = IpAddress.plain(address);
        boolean isGlobal6 = GLOBAL_6.contains(plain);
        boolean is4 = plain.getAddress().length == 4;
        return is4
                ? OTHERS.stream().noneMatch(range -> range.contains(plain))
                : isGlobal6 && OTHERS_6.stream().noneMatch(range -> range.contains(plain));
    }
}
