package dev.rmb.standalone;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** This module sees all others, so the arrows between them are checked here. */
final class ArchitectureTest {
    private static final JavaClasses CLASSES =
            new ClassFileImporter()
                    .withImportOption(new ImportOption.DoNotIncludeTests())
                    .importPackages("dev.rmb");

    @Test
    void gatewayAndRouterDoNotKnowEachOther() {
        noClasses()
                .that()
                .resideInAPackage("dev.rmb.gateway..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.rmb.router..")
                .check(CLASSES);
        noClasses()
                .that()
                .resideInAPackage("dev.rmb.router..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.rmb.gateway..")
                .check(CLASSES);
    }

    @Test
    void onlyTheGatewayTheLinkAndFederationKnowNetty() {
        noClasses()
                .that()
                .resideOutsideOfPackages(
                        "dev.rmb.gateway..",
                        "dev.rmb.cluster.link..",
                        "dev.rmb.router.federation..",
                        // A double for tests, in a jar of its own.
                        "dev.rmb.tfchain.fake..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.netty..")
                .check(CLASSES);
    }

    @Test
    void onlyTheRouterKnowsStreams() {
        noClasses()
                .that()
                .resideOutsideOfPackages("dev.rmb.router..", "dev.rmb.server.kafka..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.apache.kafka.streams..")
                .check(CLASSES);
    }

    @Test
    void nothingSharedKnowsTheServers() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        "dev.rmb.protocol..",
                        "dev.rmb.twins..",
                        "dev.rmb.kafka..",
                        "dev.rmb.broker..",
                        "dev.rmb.cluster..",
                        "dev.rmb.server..",
                        "dev.rmb.client..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.rmb.gateway..", "dev.rmb.router..", "dev.rmb.standalone..")
                .check(CLASSES);
    }

    @Test
    void partsOfTheProcessDoNotKnowTheCommandLine() {
        slices().matching("dev.rmb.standalone.(*)..").should().beFreeOfCycles().check(CLASSES);
    }
}
