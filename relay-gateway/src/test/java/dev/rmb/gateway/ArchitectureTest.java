package dev.rmb.gateway;

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
                    .importPackages("dev.rmb.gateway");

    @Test
    void featuresDependOnEachOtherInOneDirection() {
        slices().matching("dev.rmb.gateway.(*)..").should().beFreeOfCycles().check(MODULE);
    }

    @Test
    void theGatewayKnowsNoRouterNoClientAndNoBroker() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.rmb.router..", "dev.rmb.client..", "dev.rmb.broker..")
                .check(MODULE);
    }

    @Test
    void sessionsKnowNoTransportAndNoSocket() {
        noClasses()
                .that()
                .resideInAnyPackage("dev.rmb.gateway.session..", "dev.rmb.gateway.links..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.netty.channel..",
                        "io.netty.buffer..",
                        "io.netty.handler..",
                        "dev.rmb.gateway.websocket..",
                        "dev.rmb.gateway.tcp..",
                        "dev.rmb.gateway.polling..",
                        "dev.rmb.gateway.socket..",
                        "dev.rmb.gateway.http..",
                        "dev.rmb.gateway.edge..")
                .check(MODULE);
    }

    @Test
    void onlyTheWayIntoTheLogKnowsKafkasProducer() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.rmb.gateway.accept..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.apache.kafka..")
                .check(MODULE);
    }

    @Test
    void transportsKnowNothingOfEachOther() {
        String[] transports = {
            "dev.rmb.gateway.websocket..", "dev.rmb.gateway.tcp..", "dev.rmb.gateway.polling.."
        };
        for (String transport : transports) {
            noClasses()
                    .that()
                    .resideOutsideOfPackage(transport)
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage(transport)
                    .check(MODULE);
        }
    }
}
