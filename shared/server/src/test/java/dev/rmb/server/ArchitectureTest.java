package dev.rmb.server;

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
                    .importPackages("dev.rmb.server");

    @Test
    void featuresDoNotDependOnEachOtherInCircles() {
        slices().matching("dev.rmb.server.(*)..").should().beFreeOfCycles().check(MODULE);
    }

    @Test
    void theServerKnowsNothingOfWhatItServes() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "dev.rmb.gateway..", "dev.rmb.router..", "dev.rmb.broker..", "io.netty..")
                .check(MODULE);
    }
}
