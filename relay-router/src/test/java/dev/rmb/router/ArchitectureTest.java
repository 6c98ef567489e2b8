package dev.rmb.router;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.rmb.cluster.link.Link;
import dev.rmb.cluster.link.LinkListener;
import org.junit.jupiter.api.Test;

final class ArchitectureTest {
    private static final JavaClasses CLASSES =
            new ClassFileImporter()
                    .withImportOption(new ImportOption.DoNotIncludeTests())
                    .importPackages("dev.rmb");

    @Test
    void theDispatcherAndItsMailboxesKnowNoKafkaNoLinkNoThreadAndNoClock() {
        noClasses()
                .that()
                .resideInAnyPackage("dev.rmb.router.dispatch..", "dev.rmb.router.mailbox..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "org.apache.kafka..",
                        "dev.rmb.kafka..",
                        "dev.rmb.router.link..",
                        "dev.rmb.router.stream..",
                        "dev.rmb.router.federation..",
                        "java.time..",
                        "java.util.concurrent..",
                        "com.codahale..",
                        "org.slf4j..")
                .orShould()
                .dependOnClassesThat()
                .belongToAnyOf(Link.class, LinkListener.class, Thread.class)
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(System.class, "nanoTime")
                .check(CLASSES);
    }

    @Test
    void theRouterDoesNotKnowTheGateway() {
        noClasses()
                .that()
                .resideInAPackage("dev.rmb.router..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "dev.rmb.gateway..",
                        "dev.rmb.standalone..",
                        "dev.rmb.client..",
                        "dev.rmb.broker..",
                        "io.grpc..")
                .check(CLASSES);
    }

    @Test
    void onlyFederationKnowsNetty() {
        noClasses()
                .that()
                .resideInAPackage("dev.rmb.router..")
                .and()
                .resideOutsideOfPackage("dev.rmb.router.federation..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.netty..")
                .check(CLASSES);
    }

    @Test
    void onlyTheStreamKnowsKafka() {
        noClasses()
                .that()
                .resideInAPackage("dev.rmb.router..")
                .and()
                .resideOutsideOfPackage("dev.rmb.router.stream..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.apache.kafka..")
                .check(CLASSES);
    }

    @Test
    void featuresDoNotDependOnEachOtherInCircles() {
        slices().matching("dev.rmb.router.(*)..").should().beFreeOfCycles().check(CLASSES);
    }
}
