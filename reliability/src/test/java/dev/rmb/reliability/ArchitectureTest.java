package dev.rmb.reliability;

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
                    .importPackages("dev.rmb.reliability");

    @Test
    void featuresHaveNoCycles() {
        slices().matching("dev.rmb.reliability.(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void theRelayIsKnownByItsCommandLineAndProtocolOnly() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "dev.rmb.gateway..",
                        "dev.rmb.router..",
                        "dev.rmb.standalone..",
                        "dev.rmb.cluster..",
                        "dev.rmb.kafka..")
                .check(CLASSES);
    }

    @Test
    void theProofKnowsNothingButHistories() {
        noClasses()
                .that()
                .resideInAPackage("dev.rmb.reliability.proof")
                .should()
                .dependOnClassesThat()
                .resideOutsideOfPackages(
                        "dev.rmb.reliability.proof", "java.lang..", "java.util..", "org.jspecify..")
                .check(CLASSES);
    }
}
