package dev.rmb.broker;

import java.util.Map;
import java.util.TreeMap;

/**
 * What may differ between two embedded brokers.
 *
 * @param port where clients connect on 127.0.0.1; 0 takes a free one anew at each start
 * @param protocol of the clients' listener, as Kafka names it: {@code PLAINTEXT}, {@code SSL},
 *     {@code SASL_PLAINTEXT} or {@code SASL_SSL}; the broker is a client of its own, too
 * @param properties broker properties put over the defaults of {@link BrokerProperties}; those that
 *     name listeners, roles and directories are refused, for they belong to the broker
 */
public record BrokerSettings(int port, String protocol, Map<String, String> properties) {
    private static final String PLAINTEXT = "PLAINTEXT";
    private static final int MAX_PORT = 65_535;

    public BrokerSettings {
        if (port < 0 || port > MAX_PORT) {
            throw new IllegalArgumentException("port out of range: " + port);
        }
        properties = Map.copyOf(properties);
        for (String key : properties.keySet()) {
            if (BrokerProperties.OWNED.contains(key)) {
                throw new IllegalArgumentException("the embedded broker sets " + key + " itself");
            }
        }
    }

    /** A broker on whichever port is free. */
    public static BrokerSettings onFreePort() {
        return new BrokerSettings(0, PLAINTEXT, Map.of());
    }

    /** A broker that is found at the same port after each restart. */
    public static BrokerSettings onPort(int port) {
        return new BrokerSettings(port, PLAINTEXT, Map.of());
    }

    /** These settings with one broker property more, or changed. */
    public BrokerSettings with(String property, String value) {
        var changed = new TreeMap<>(properties);
        changed.put(property, value);
        return new BrokerSettings(port, protocol, changed);
    }

    /** A broker that has each record on its disk before it acknowledges it. */
    public BrokerSettings flushed() {
        return with("log.flush.interval.messages", "1");
    }

    /** These settings with another protocol for clients; what it needs are properties. */
    public BrokerSettings speaking(String otherProtocol) {
        return new BrokerSettings(port, otherProtocol, properties);
    }

    /** Names the properties only: their values may be passwords. */
    @Override
    public String toString() {
        return "BrokerSettings[port="
                + port
                + ", protocol="
                + protocol
                + ", properties="
                + properties.keySet()
                + "]";
    }
}
