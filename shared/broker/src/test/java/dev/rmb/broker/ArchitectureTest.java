package dev.rmb.broker;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

final class ArchitectureTest {
    private static final JavaClasses MODULE =
            new ClassFileImporter()
                    .withImportOption(new ImportOption.DoNotIncludeTests())
                    .importPackages("dev.rmb.broker");

    @Test
    void theBrokerKnowsNothingOfTheRelay() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "dev.rmb.proto..",
                        "dev.rmb.protocol..",
                        "dev.rmb.kafka..",
                        "dev.rmb.twins..",
                        "dev.rmb.cluster..",
                        "dev.rmb.server..")
                .check(MODULE);
    }

    @Test
    void onlyTheBrokerItsSettingsAndItsErrorAreSeen() {
        classes()
                .that()
                .arePublic()
                .should()
                .haveNameMatching(
                        "dev\\.rmb\\.broker\\.(EmbeddedBroker|BrokerSettings|BrokerException)")
                .check(MODULE);
    }
}
