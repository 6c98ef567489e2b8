package dev.rmb.broker;

import java.io.IOException;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import kafka.server.BrokerServer;
import kafka.server.ControllerServer;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.server.Server;
import kafka.server.SharedServer;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.bootstrap.BootstrapMetadata;
import org.apache.kafka.metadata.properties.MetaPropertiesEnsemble;
import org.apache.kafka.raft.QuorumConfig;
import org.apache.kafka.server.ServerSocketFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Tuple2;

/**
 * A Kafka broker and its controller in this JVM, listening on 127.0.0.1, with everything it holds
 * in one directory. What was acknowledged survives a stop and the death of the process; it is in
 * the operating system's cache, so a power cut may cost the last moments unless it is {@linkplain
 * BrokerSettings#flushed flushed}.
 *
 * <p>Kafka logs about two thousand lines at INFO for one start and stop: the caller's logging
 * configuration should keep {@code kafka} at ERROR and {@code org.apache.kafka} at WARN.
 */
public final class EmbeddedBroker implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(EmbeddedBroker.class);

    /** A planned stop moves nothing anywhere, so it needs no longer than to write what it has. */
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(20);

    private final DataDirectory directory;
    private final BoundListener clients;
    private final BoundListener controllers;
    private final Faults faults;
    private final ControllerServer controller;
    private final BrokerServer broker;
    private boolean closed;

    private EmbeddedBroker(
            DataDirectory directory,
            BoundListener clients,
            BoundListener controllers,
            BrokerSettings settings) {
        this.directory = directory;
        this.clients = clients;
        this.controllers = controllers;
        this.faults = new Faults();
        var config =
                new KafkaConfig(
                        BrokerProperties.of(
                                directory.logs(), clients.port(), controllers.port(), settings),
                        false);
        Tuple2<MetaPropertiesEnsemble, BootstrapMetadata> formatted =
                KafkaRaftServer.initializeLogDirs(config, log, "");
        String clusterId = formatted._1().clusterId().orElseThrow();
        var shared =
                new SharedServer(
                        config,
                        formatted._1(),
                        Time.SYSTEM,
                        Server.initializeMetrics(config, Time.SYSTEM, clusterId),
                        CompletableFuture.completedFuture(
                                QuorumConfig.parseVoterConnections(config.quorumConfig().voters())),
                        List.of(),
                        faults,
                        socketFactory(clients, controllers));
        this.controller =
                new ControllerServer(shared, KafkaRaftServer.configSchema(), formatted._2());
        this.broker = new BrokerServer(shared);
    }

    /**
     * Starts a broker and returns when it serves clients.
     *
     * @param dataDirectory created when missing; formatted on first use
     * @throws BrokerException when the port or the directory is in use, or Kafka does not start;
     *     then nothing is left running
     */
    public static EmbeddedBroker start(Path dataDirectory, BrokerSettings settings) {
        DataDirectory directory = DataDirectory.open(dataDirectory);
        BoundListener clients = null;
        BoundListener controllers = null;
        try {
            clients = BoundListener.bind(settings.port());
            controllers = BoundListener.bind(0);
            directory.formatIfNew();
            var started = new EmbeddedBroker(directory, clients, controllers, settings);
            started.startServers();
            return started;
        } catch (RuntimeException e) {
            closeAll(clients, controllers, directory);
            throw e instanceof BrokerException
                    ? e
                    : new BrokerException(
                            "Kafka refuses its configuration or data in " + dataDirectory, e);
        }
    }

    private static ServerSocketFactory socketFactory(
            BoundListener clients, BoundListener controllers) {
        return (listener, address, backlog, receiveBuffer) -> {
            ServerSocketChannel channel =
                    address.getPort() == clients.port() ? clients.channel() : controllers.channel();
            if (!channel.isOpen()) {
                throw new IOException("listener " + listener + " was closed");
            }
            channel.configureBlocking(false);
            return channel;
        };
    }

    private void startServers() {
        try {
            controller.startup();
            broker.startup();
            faults.startedUp();
        } catch (RuntimeException e) {
            stopServers();
            Throwable cause = faults.first().orElse(e);
            throw new BrokerException("Kafka did not start: " + cause.getMessage(), cause);
        }
    }

    /** Where clients connect, as {@code host:port}. */
    public String bootstrapServers() {
        return BrokerProperties.HOST + ":" + clients.port();
    }

    /** The port of {@link #bootstrapServers()}. */
    public int port() {
        return clients.port();
    }

    /**
     * Completes, with the reason, if the broker breaks down after it has started; it serves nobody
     * from then on, and who owns it should stop. Never fails, and never completes after an orderly
     * stop.
     */
    public CompletionStage<Throwable> failure() {
        return faults.afterStart();
    }

    /** Stops serving, writes out what is open and lets go of the directory; bounded in time. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        stopServers();
        closeAll(clients, controllers, directory);
    }

    private void stopServers() {
        broker.shutdown(STOP_TIMEOUT);
        controller.shutdown();
    }

    private static void closeAll(
            @Nullable BoundListener clients,
            @Nullable BoundListener controllers,
            DataDirectory directory) {
        if (clients != null) {
            clients.close();
        }
        if (controllers != null) {
            controllers.close();
        }
        directory.close();
    }
}
