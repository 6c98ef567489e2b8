package dev.rmb.twins;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

final class ArchitectureTest {
    private static final JavaClasses MODULE =
            new ClassFileImporter()
                    .withImportOption(new ImportOption.DoNotIncludeTests())
                    .importPackages("dev.rmb.twins");

    @Test
    void twinsKnowNothingOfWhoAsks() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "dev.rmb.cluster..",
                        "dev.rmb.server..",
                        "dev.rmb.gateway..",
                        "dev.rmb.router..",
                        "io.netty..",
                        "io.dropwizard..")
                .check(MODULE);
    }

    @Test
    void onlyTheRegistryNeedsKafka() {
        noClasses()
                .that()
                .haveSimpleNameNotStartingWith("Registry")
                .and()
                .haveSimpleNameNotStartingWith("TwinRegistry")
                .and()
                .doNotHaveSimpleName("TwinRecords")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.apache.kafka..", "dev.rmb.kafka..")
                .check(MODULE);
    }

    @Test
    void onlyItsOwnSourceNeedsTheChain() {
        noClasses()
                .that()
                .haveNameNotMatching("dev\\.rmb\\.twins\\.Tfchain.*")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.rmb.tfchain..")
                .check(MODULE);
    }
}
