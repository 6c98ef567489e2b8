package dev.rmb.server.admin;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.rmb.server.config.HostPort;

/**
 * The {@code admin} section.
 *
 * @param listen where health, metrics and the admin API are served
 */
public record AdminConfig(@JsonProperty(defaultValue = "127.0.0.1:8081") HostPort listen) {}
