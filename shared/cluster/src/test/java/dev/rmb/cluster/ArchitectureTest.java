package dev.rmb.cluster;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
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
                    .importPackages("dev.rmb");

    @Test
    void gatewayAndRouterAreNotKnownHere() {
        noClasses()
                .that()
                .resideInAPackage("dev.rmb.cluster..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "dev.rmb.gateway..",
                        "dev.rmb.router..",
                        "dev.rmb.standalone..",
                        "dev.rmb.server..",
                        "dev.rmb.client..",
                        "io.dropwizard..")
                .check(CLASSES);
    }

    @Test
    void featuresDoNotDependOnEachOtherInCircles() {
        slices().matching("dev.rmb.cluster.(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void onlyTheLinkKnowsGrpcAndTlsItsManagers() {
        noClasses()
                .that()
                .resideInAPackage("dev.rmb.cluster..")
                .and()
                .resideOutsideOfPackage("dev.rmb.cluster.link..")
                .should()
                .dependOnClassesThat(
                        resideInAPackage("io.grpc..").and(not(resideInAPackage("io.grpc.util.."))))
                .check(CLASSES);
    }
}
