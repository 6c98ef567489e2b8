package dev.rmb.protocol;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import org.junit.jupiter.api.Test;

final class ArchitectureTest {
    private static final JavaClasses MODULE =
            new ClassFileImporter()
                    .withImportOption(new ImportOption.DoNotIncludeTests())
                    .importPackages("dev.rmb.protocol");

    @Test
    void featuresDoNotDependOnEachOtherInCircles() {
        slices().matching("dev.rmb.protocol.(*)..").should().beFreeOfCycles().check(MODULE);
    }

    /** A published library: what it needs, every user of it gets. */
    @Test
    void itNeedsNothingButJavaAndFourLibraries() {
        classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "dev.rmb.protocol..",
                        "dev.rmb.proto",
                        "java..",
                        "javax.crypto..",
                        "com.google.protobuf",
                        "com.fasterxml.jackson.core..",
                        "org.bouncycastle..",
                        "org.jspecify.annotations")
                .check(MODULE);
    }

    /** Resources of its own and streams in memory apart. */
    @Test
    void itDoesNoInputOrOutput() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.net..", "java.nio.file..", "java.nio.channels..")
                .orShould()
                .dependOnClassesThat()
                .haveNameMatching("java\\.io\\.(File|Random|Print).*")
                .check(MODULE);
    }

    /** A record would have one without writing it. */
    @Test
    void secretsHaveNoText() {
        var secrets =
                classes()
                        .that()
                        .haveNameMatching(
                                ".*\\.(KeyPair|EncryptionKey|SigningKey|.*Key|SecretUri|Junction"
                                        + "|Scalar|Strobe|Transcript|PayloadCiphers?|UnverifiedToken)");
        secrets.should().notBeRecords().check(MODULE);
        secrets.should(
                        ArchCondition.from(
                                DescribedPredicate.describe(
                                        "have no toString",
                                        type -> type.tryGetMethod("toString").isEmpty())))
                .check(MODULE);
    }

    @Test
    void theOtherPackagesDoNotReachIntoTheSignatureScheme() {
        noClasses()
                .that()
                .resideOutsideOfPackages("dev.rmb.protocol.identity", "dev.rmb.protocol.sr25519")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.rmb.protocol.sr25519")
                .check(MODULE);
    }
}
