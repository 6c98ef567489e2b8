package dev.rmb.broker;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.kafka.KafkaContainer;

/** The same contract on the image that Kafka's makers publish, where there is a Docker engine. */
final class ContainerBrokerContractTest extends BrokerContract {
    private static KafkaContainer container;

    @BeforeAll
    static void startContainer() {
        Assumptions.assumeTrue(
                DockerClientFactory.instance().isDockerAvailable(),
                "no Docker engine answers here, so the contract runs on the embedded broker only");
        container =
                new KafkaContainer("apache/kafka:4.3.1")
                        .withEnv("KAFKA_AUTO_CREATE_TOPICS_ENABLE", "false")
                        .withEnv("KAFKA_GROUP_MIN_SESSION_TIMEOUT_MS", "500");
        container.start();
    }

    @AfterAll
    static void stopContainer() {
        if (container != null) {
            container.stop();
        }
    }

    @Override
    String bootstrapServers() {
        return container.getBootstrapServers();
    }
}
