package dev.rmb.peer;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

final class ArchitectureTest {
    private static final JavaClasses CLASSES =
            new ClassFileImporter()
                    .withImportOption(new ImportOption.DoNotIncludeTests())
                    .withImportOption(location -> !location.contains("/test"))
                    .importPackages("dev.rmb.peer");

    @Test
    void featuresHaveNoCycles() {
        slices().matching("dev.rmb.peer.(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void aPeerKnowsNothingOfServers() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "dev.rmb.gateway..",
                        "dev.rmb.router..",
                        "dev.rmb.standalone..",
                        "dev.rmb.cluster..",
                        "dev.rmb.server..",
                        "dev.rmb.kafka..")
                .check(CLASSES);
    }

    @Test
    void onlyTheStoreKnowsLettuceAndMessagesKnowNoConnection() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.rmb.peer.redis..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.lettuce..")
                .check(CLASSES);
        noClasses()
                .that()
                .resideInAPackage("dev.rmb.peer.message..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.netty..", "dev.rmb.client..", "dev.rmb.twins..")
                .check(CLASSES);
    }
}
