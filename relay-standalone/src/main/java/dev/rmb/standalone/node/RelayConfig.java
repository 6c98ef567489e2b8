package dev.rmb.standalone.node;

import dev.rmb.gateway.GatewaySettings;
import dev.rmb.router.RouterSettings;
import dev.rmb.server.admin.AdminConfig;
import dev.rmb.server.kafka.KafkaConfig;
import dev.rmb.server.logging.LoggingConfig;
import dev.rmb.server.twins.TwinsSource;

/**
 * A whole configuration file. One file may serve gateways and routers alike: each reads the
 * sections that it needs, and all are checked.
 */
public record RelayConfig(
        GatewaySettings gateway,
        RouterSettings router,
        KafkaConfig kafka,
        TwinsSource twins,
        AdminConfig admin,
        LoggingConfig logging) {}
