package dev.rmb.cluster.net;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.net.InetAddress;

/**
 * Addresses that begin alike, in text {@code 10.0.0.0/8}, {@code 2001:db8::/32}, or one address. An
 * IPv4 address that is written as an IPv6 one is the IPv4 address.
 *
 * @param network whose bits behind the length are 0
 * @param length bits that all have in common
 */
public record AddressRange(InetAddress network, int length) {
    public AddressRange {
        int bits = network.getAddress().length * Byte.SIZE;
        if (length < 0 || length > bits) {
            throw new IllegalArgumentException("length " + length + " is not 0 to " + bits);
        }
        InetAddress whole = IpAddress.masked(network, length);
        if (!whole.equals(network)) {
            throw new IllegalArgumentException(
                    network.getHostAddress()
                            + "/"
                            + length
                            + " has bits behind its length: write "
                            + text(whole, length));
        }
    }

    /**
     * @throws IllegalArgumentException that says what is wrong with {@code text}; never looks a
     *     name up
     */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static AddressRange parse(String text) {
        int slash = text.indexOf('/');
        String address = (slash < 0 ? text : text.substring(0, slash)).trim();
        InetAddress network = IpAddress.parse(address);
        if (network == null) {
            throw new IllegalArgumentException(
                    "'" + text + "' is no address or range such as 10.0.0.0/8 or 2001:db8::/32");
        }
        int bits = network.getAddress().length * Byte.SIZE;
        if (slash < 0) {
            return new AddressRange(network, bits);
        }
        int length = length(text, slash);
        boolean mapped = bits == IpAddress.BITS_4 && address.indexOf(':') >= 0;
        return new AddressRange(
                network, mapped ? length - (IpAddress.BITS_6 - IpAddress.BITS_4) : length);
    }

    /** All that have as many bits in common with this address as {@code length} says. */
    public static AddressRange around(InetAddress address, int length) {
        return new AddressRange(IpAddress.masked(address, length), length);
    }

    public boolean contains(InetAddress address) {
        InetAddress plain = IpAddress.plain(address);
        return plain.getAddress().length == network.getAddress().length
                && IpAddress.masked(plain, length).equals(network);
    }

    private static int length(String text, int slash) {
        String digits = text.substring(slash + 1);
        if (!digits.matches("\\d{1,3}")) {
            throw new IllegalArgumentException("'" + text + "' has no length behind its /");
        }
        return Integer.parseInt(digits);
    }

    private static String text(InetAddress network, int length) {
        return length == network.getAddress().length * Byte.SIZE
                ? network.getHostAddress()
                : network.getHostAddress() + "/" + length;
    }

    @Override
    @JsonValue
    public String toString() {
        return text(network, length);
    }
}
