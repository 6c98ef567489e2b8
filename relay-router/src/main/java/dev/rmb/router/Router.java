package dev.rmb.router;

import com.codahale.metrics.MetricRegistry;
import dev.rmb.cluster.Topics;
import dev.rmb.cluster.limits.Limits;
import dev.rmb.cluster.link.LinkAcceptor;
import dev.rmb.cluster.members.Members;
import dev.rmb.cluster.ownership.ClaimLog;
import dev.rmb.cluster.ownership.Ownership;
import dev.rmb.kafka.KafkaSettings;
import dev.rmb.kafka.KafkaWait;
import dev.rmb.router.federation.Federation;
import dev.rmb.router.federation.FederationClient;
import dev.rmb.router.link.Links;
import dev.rmb.router.stream.Claims;
import dev.rmb.router.stream.LiveGateways;
import dev.rmb.router.stream.OpenPartitions;
import dev.rmb.router.stream.RouterStreams;
import dev.rmb.server.lifecycle.Lifecycle;
import dev.rmb.twins.TwinDirectory;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running router. */
public final class Router implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Router.class);

    /** Above what each part allows itself. */
    private static final Duration STOP = Duration.ofSeconds(10);

    private final RouterStreams streams;
    private final Federation federation;
    private final String endpoint;
    private final Members members;

    private final Lifecycle parts;

    private Router(
            RouterStreams streams,
            Federation federation,
            String endpoint,
            Members members,
            Lifecycle parts) {
        this.streams = streams;
        this.federation = federation;
        this.endpoint = endpoint;
        this.members = members;
        this.parts = parts;
    }

    /**
     * Starts a router and returns when it serves: links are accepted, and the partitions that fall
     * to it are open. Blocks its caller. The topics must exist ({@link Topics#required}).
     *
     * @param directory and {@code acceptor} stay the caller's to close, after the router
     * @param limits as they were changed already; takes up those of this router
     * @throws IOException if links cannot be accepted
     * @throws IllegalStateException if Kafka does not answer in time, or the state directory cannot
     *     be used
     */
    public static Router start(
            RouterSettings settings,
            KafkaSettings kafka,
            TwinDirectory directory,
            LinkAcceptor acceptor,
            Limits limits,
            MetricRegistry metrics,
            Clock clock)
            throws IOException {
        if (settings.delivery().unsafeIgnoreWatermark()) {
            log.warn(
                    "router.delivery.unsafeIgnoreWatermark is set: every takeover loses messages."
                            + " It is for the failure harness only");
        }
        var parts = new Lifecycle();
        try {
            String name = settings.name();
            Topics topics = new Topics(kafka);
            RouterStreams.prepare(kafka, settings.startTimeout());
            var links = new Links(metrics);
            String endpoint = acceptor.start(links);
            long incarnation = ThreadLocalRandom.current().nextLong();
            var claimLog = new ClaimLog(kafka, topics.owners(), endpoint, name, incarnation);
            var claims = new Claims(claimLog, name, incarnation);
            parts.add("the claims", STOP, claims);
            claimLog.warmUp();
            var ownership = new Ownership(kafka, topics.owners(), name, claims);
            parts.add("the owners' follower", STOP, ownership);
            ownership.start();
            var members = new Members(kafka, topics.members(), name);
            parts.add("the members' follower", STOP, members);
            members.start();
            KafkaWait.until(
                    ownership.caughtUp(),
                    settings.startTimeout(),
                    "the present owners could not be read");
            KafkaWait.until(
                    members.caughtUp(),
                    settings.startTimeout(),
                    "the present members could not be read");
            var federation = new FederationClient(settings.federation(), name, metrics, clock);
            parts.add("the connections to other relays", STOP, federation);
            var streams =
                    new RouterStreams(
                            name,
                            settings.streams(),
                            settings.delivery()
                                    .dispatch(
                                            new RouterLimits(limits, settings.delivery().limits()),
                                            settings.federation().passOn()),
                            settings.delivery().lagAlarm(),
                            kafka,
                            directory,
                            settings.domains(),
                            federation,
                            links,
                            claims,
                            new LiveGateways(members),
                            metrics,
                            clock);
            parts.add("the partitions", RouterStreams.STOP, streams);
            streams.start();
            // While the partitions are open still, so that what is accepted is not sent again.
            parts.add(
                    "what is under way to other relays",
                    FederationClient.stopWithin(settings.federation()),
                    federation::stop);
            return new Router(streams, federation, endpoint, members, parts);
        } catch (InterruptedException e) {
            parts.close();
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while starting", e);
        } catch (IOException | RuntimeException e) {
            parts.close();
            throw e;
        }
    }

    /** Where gateways open their links, as this router's claims name it. */
    public String endpoint() {
        return endpoint;
    }

    /** Its partitions as they are looked at from outside. */
    public OpenPartitions partitions() {
        return streams.partitions();
    }

    /** Who is alive, as this router knows it. */
    public Members members() {
        return members;
    }

    /** The other relays that this router has to do with. */
    public Federation federation() {
        return federation;
    }

    /** Whether all partitions that fall to this router are open, and none is moving. */
    public boolean isRunning() {
        return streams.isRunning();
    }

    /** Whether the partitions were given up for good: only a restart brings this router back. */
    public boolean hasEnded() {
        return streams.hasEnded();
    }

    /** Completes when this router cannot go on by itself, and has given its partitions up. */
    public CompletionStage<Throwable> failure() {
        return streams.failure();
    }

    /**
     * Stops: commits, releases its partitions and leaves the group, all of it bounded in time. Does
     * nothing twice.
     */
    @Override
    public synchronized void close() {
        parts.close();
    }
}
