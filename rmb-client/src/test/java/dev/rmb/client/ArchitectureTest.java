package dev.rmb.client;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private static final JavaClasses CLASSES =
            new ClassFileImporter()
                    .withImportOption(new ImportOption.DoNotIncludeTests())
                    .importPackages("dev.rmb.client");

    @Test
    void theSdkNeedsProtocolAndTwinsAndTheJdkOnly() {
        classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "dev.rmb.client..",
                        "dev.rmb.protocol..",
                        "dev.rmb.proto..",
                        "dev.rmb.twins..",
                        "com.fasterxml.jackson..",
                        "com.google.protobuf..",
                        "org.slf4j..",
                        "org.jspecify..",
                        "java..",
                        "javax.net.ssl..")
                .check(CLASSES);
    }

    /** The registry's own classes need Kafka, the chain's a chain. Neither comes with the SDK. */
    @Test
    void ofTheTwinsItUsesWhatNeedsNoServer() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .haveNameMatching("dev\\.rmb\\.twins\\.(Registry|TwinRegistry|Tfchain).*")
                .check(CLASSES);
    }

    @Test
    void nobodyBlocksButWhoConnectsAndCloses() {
        noClasses().should().callMethod(Thread.class, "sleep", long.class).check(CLASSES);
    }
}
