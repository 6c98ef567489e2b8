package dev.rmb.tfchain;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

final class ArchitectureTest {
    private static final JavaClasses MODULE =
            new ClassFileImporter()
                    .withImportOption(new ImportOption.DoNotIncludeTests())
                    .importPackages("dev.rmb.tfchain");

    @Test
    void theLibraryKnowsNothingOfTheRelay() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "dev.rmb.twins..",
                        "dev.rmb.kafka..",
                        "dev.rmb.cluster..",
                        "dev.rmb.server..",
                        "org.apache.kafka..",
                        "io.netty..",
                        "io.dropwizard..")
                .check(MODULE);
    }

    @Test
    void featuresDependOneWay() {
        slices().matching("dev.rmb.tfchain.(*)..").should().beFreeOfCycles().check(MODULE);
    }

    @Test
    void formatsKnowNothingOfConnections() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        "dev.rmb.tfchain.scale..",
                        "dev.rmb.tfchain.hash..",
                        "dev.rmb.tfchain.metadata..",
                        "dev.rmb.tfchain.twin..",
                        "dev.rmb.tfchain.extrinsic..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.rmb.tfchain.rpc..", "java.net..")
                .check(MODULE);
    }
}
