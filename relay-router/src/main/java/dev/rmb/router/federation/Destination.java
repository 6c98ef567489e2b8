package dev.rmb.router.federation;

import dev.rmb.cluster.net.IpAddress;
import java.net.InetAddress;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a relay is to be found, read from a twin's record: its owner may have written anything.
 *
 * @param host a name, or an address without brackets
 * @param literal the address, if {@code host} is one
 */
record Destination(String host, int port, boolean tls, @Nullable InetAddress literal) {
    private static final int HTTP = 80;
    private static final int HTTPS = 443;
    private static final int MAX_PORT = 65_535;

    /** Whoever may make a port below this one speak may do more than run a relay. */
    private static final int FIRST_FREE_PORT = 1_024;

    private static final int LONGEST_NAME = 253;
    private static final Pattern NAME =
            Pattern.compile("(?!-)[a-z0-9-]{1,63}(?<!-)(\\.(?!-)[a-z0-9-]{1,63}(?<!-))*");
    private static final Pattern PORT = Pattern.compile("[1-9][0-9]{0,4}");

    /**
     * Empty if no relay can be there.
     *
     * @param domain normalised, as {@link dev.rmb.twins.RelayDomains} has it
     * @param anyPort also those that relays have no business with
     */
    static Optional<Destination> of(String domain, boolean tls, boolean anyPort) {
        String host = domain;
        int port = tls ? HTTPS : HTTP;
        int colon = domain.lastIndexOf(':');
        if (colon >= 0 && domain.indexOf(']', colon) < 0) {
            String digits = domain.substring(colon + 1);
            if (!PORT.matcher(digits).matches()) {
                return Optional.empty();
            }
            host = domain.substring(0, colon);
            port = Integer.parseInt(digits);
        }
        boolean isBracketed = host.startsWith("[") && host.endsWith("]");
        if (isBracketed) {
            host = host.substring(1, host.length() - 1);
        }
        InetAddress literal = IpAddress.parse(host);
        boolean isHost =
                literal == null
                        ? !isBracketed && isName(host)
                        : isBracketed == (host.indexOf(':') >= 0);
        boolean isPort =
                port <= MAX_PORT
                        && (anyPort || port == HTTP || port == HTTPS || port >= FIRST_FREE_PORT);
        return isHost && isPort
                ? Optional.of(new Destination(host, port, tls, literal))
                : Optional.empty();
    }

    /** As the header {@code Host} has it. */
    String authority() {
        String named = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
        return port == (tls ? HTTPS : HTTP) ? named : named + ":" + port;
    }

    private static boolean isName(String host) {
        // What is all digits and dots, and no address, means different things to programs.
        return host.length() <= LONGEST_NAME
                && NAME.matcher(host).matches()
                && !Character.isDigit(host.charAt(host.lastIndexOf('.') + 1));
    }
}
