package dev.rmb.reliability.cluster;

import dev.rmb.reliability.process.Ports;
import dev.rmb.server.access.AccessToken;
import dev.rmb.server.access.Role;
import java.nio.file.Path;
import java.security.SecureRandom;

/**
 * What the routers and gateways of a cluster are told.
 *
 * @param bootstrap of Kafka
 * @param brokers how many there are
 * @param prefix of its topics
 * @param partitions of its log
 * @param twins the file
 * @param publicPort where twins' records say that their relay is; only a successor listens there
 * @param token what an operator shows to the admin ports
 */
record Configuration(
        String bootstrap,
        int brokers,
        String prefix,
        int partitions,
        Path twins,
        int publicPort,
        AccessToken token) {
    /** Nobody's: twins that name this relay live elsewhere for who has it. */
    static final String FORMER_DOMAIN = "former.invalid";

    private static final String PREFIX = "rmb.";
    private static final int REPLICAS_THAT_LAST = 3;

    /** Of the first cluster on its brokers. */
    static Configuration of(String bootstrap, int brokers, int partitions, Path twins) {
        return new Configuration(
                bootstrap,
                brokers,
                PREFIX,
                partitions,
                twins,
                Ports.free(),
                AccessToken.random(new SecureRandom()));
    }

    /** Of a second cluster on the same brokers, for the same twins. */
    Configuration successor(String itsPrefix, int itsPartitions) {
        return new Configuration(
                bootstrap, brokers, itsPrefix, itsPartitions, twins, publicPort, token);
    }

    /** The relay in twins' records. */
    String domain() {
        return "127.0.0.1:" + publicPort;
    }

    /**
     * @param port 0: any
     * @param offers whether it offers envelopes beside the log
     */
    String gateway(String name, int port, boolean offers) {
        return """
        gateway:
          name: %s
          listen: 127.0.0.1:%d
          offers: {enabled: %b}
        router:
          domains: ['%s']
        %s\
        """
                .formatted(name, port, offers, domain(), common());
    }

    /**
     * @param reached the settings that say where
     * @param relayDomain the relay that it takes itself for
     * @param more settings, one a line, each indented by two spaces
     */
    String router(String name, String reached, Path state, String relayDomain, String more) {
        return """
        router:
          name: %s
        %s  domains: ['%s']
          streams:
            stateDirectory: %s
        %s%s\
        """
                .formatted(name, reached, relayDomain, state, more, common());
    }

    /** Settings of a router whose mail goes to the successor. */
    String leaving() {
        return """
          federation:
            passOn: true
            allowPrivate: true
            plainHttp: ['%s']
        """
                .formatted(domain());
    }

    private String common() {
        return """
        kafka:
          bootstrap.servers: %s
          prefix: %s
          partitions: %d
          replication: %d
          acceptWeakReplication: %b
        twins: {type: file, path: %s}
        admin:
          listen: 127.0.0.1:0
          tokens: [{name: harness, role: admin, hash: '%s'}]
        """
                .formatted(
                        bootstrap,
                        prefix,
                        partitions,
                        brokers,
                        brokers < REPLICAS_THAT_LAST,
                        twins,
                        token.known("harness", Role.ADMIN).hash());
    }
}
