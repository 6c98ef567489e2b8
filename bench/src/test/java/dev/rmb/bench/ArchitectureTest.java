package dev.rmb.bench;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private static final JavaClasses CLASSES =
            new ClassFileImporter()
                    .withImportOption(new ImportOption.DoNotIncludeTests())
                    .importPackages("dev.rmb.bench");

    @Test
    void featuresHaveNoCycles() {
        slices().matching("dev.rmb.bench.(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void theGeneratorKnowsTheRelayByItsProtocolOnly() {
        noClasses()
                .that()
                .haveSimpleNameNotEndingWith("Test")
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
}
