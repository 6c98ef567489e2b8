package dev.rmb.cluster.net;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What {@link InetAddress} does not know about itself. */
public final class IpAddress {
    static final int BITS_4 = 32;
    static final int BITS_6 = 128;

    /** All four numbers: shorter forms mean different things to different programs. */
    private static final Pattern V4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");

    private static final int LONGEST = 45;
    private static final int MAPPED_PREFIX = 12;
    private static final int V4_BYTES = 4;

    private IpAddress() {}

    /**
     * Reads an address, and never looks a name up. An IPv4 address that is written as an IPv6 one
     * is the IPv4 address.
     *
     * @return {@code null} if the text is none
     */
    public static @Nullable InetAddress parse(String text) {
        boolean v6 = text.indexOf(':') >= 0;
        if (text.length() > LONGEST
                || text.indexOf('%') >= 0
                || text.indexOf('[') >= 0
                || (!v6 && !V4.matcher(text).matches())) {
            return null;
        }
        try {
            return plain(InetAddress.ofLiteral(text));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** Without zone, and as IPv4 address where it is one in the clothes of IPv6. */
    public static InetAddress plain(InetAddress address) {
        if (!(address instanceof Inet6Address v6)) {
            return address;
        }
        byte[] bytes = v6.getAddress();
        return isMapped(bytes)
                ? of(Arrays.copyOfRange(bytes, MAPPED_PREFIX, MAPPED_PREFIX + V4_BYTES))
                : v6.getScopeId() == 0 ? v6 : of(bytes);
    }

    /** With the bits behind the first so many set to 0. */
    static InetAddress masked(InetAddress address, int length) {
        byte[] bytes = address.getAddress();
        for (int i = 0; i < bytes.length; i++) {
            int kept = Math.clamp(length - (long) i * Byte.SIZE, 0, Byte.SIZE);
            bytes[i] &= (byte) (0xFF << (Byte.SIZE - kept));
        }
        return of(bytes);
    }

    private static boolean isMapped(byte[] bytes) {
        for (int i = 0; i < MAPPED_PREFIX - 2; i++) {
            if (bytes[i] != 0) {
                return false;
            }
        }
        return bytes[MAPPED_PREFIX - 2] == -1 && bytes[MAPPED_PREFIX - 1] == -1;
    }

    private static InetAddress of(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("4 and 16 bytes are an address", e);
        }
    }
}
