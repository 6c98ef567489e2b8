package dev.rmb.twins;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Relays by domain, written in whichever way the clients write them: {@code host}, {@code
 * host:port}, a URL, or what is left of a URL (docs/specification.md, 12). Here each is {@code
 * host} or {@code host:port} in lower case, without the ports 80 and 443, so that the same relay
 * reads the same. Immutable.
 */
public final class RelayDomains {
    private static final String SEPARATOR = "_";

    /** One slash is what a client leaves of two when it takes the first away. */
    private static final Pattern SCHEME = Pattern.compile("^(wss?|https?):/+");

    private static final Set<String> DEFAULT_PORTS = Set.of("80", "443");

    private final Set<String> domains;

    private RelayDomains(Set<String> domains) {
        this.domains = Collections.unmodifiableSet(domains);
    }

    /**
     * Reads a twin's record.
     *
     * @param relay domains joined by {@code _}; {@code null} gives none
     */
    public static RelayDomains parse(@Nullable String relay) {
        return of(relay == null ? List.of() : List.of(relay.split(SEPARATOR, -1)));
    }

    /** Takes domains one by one, those of this relay for example. Empty ones are left out. */
    public static RelayDomains of(Collection<String> written) {
        Set<String> domains = new LinkedHashSet<>();
        for (String domain : written) {
            String normal = normal(domain);
            if (!normal.isEmpty()) {
                domains.add(normal);
            }
        }
        return new RelayDomains(domains);
    }

    private static String normal(String written) {
        String domain = written.strip().toLowerCase(Locale.ROOT);
        domain = SCHEME.matcher(domain).replaceFirst("");
        int path = domain.indexOf('/');
        if (path >= 0) {
            domain = domain.substring(0, path);
        }
        int colon = domain.lastIndexOf(':');
        boolean hasPort = colon >= 0 && domain.indexOf(']', colon) < 0;
        String host = hasPort ? domain.substring(0, colon) : domain;
        String port = hasPort ? domain.substring(colon + 1) : "";
        if (host.endsWith(".")) {
            host = host.substring(0, host.length() - 1);
        }
        return host.isEmpty() || port.isEmpty() || DEFAULT_PORTS.contains(port)
                ? host
                : host + ":" + port;
    }

    /** In the order written, each once. */
    public List<String> domains() {
        return List.copyOf(domains);
    }

    public boolean isEmpty() {
        return domains.isEmpty();
    }

    /** Whether a relay is in both: the twin lives on this relay, for example. */
    public boolean shareAny(RelayDomains other) {
        return domains.stream().anyMatch(other.domains::contains);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof RelayDomains that && domains.equals(that.domains);
    }

    @Override
    public int hashCode() {
        return domains.hashCode();
    }

    /** As a twin's record has it. */
    @Override
    public String toString() {
        return String.join(SEPARATOR, domains);
    }
}
