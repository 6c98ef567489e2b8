package dev.rmb.router.dispatch;

import org.jspecify.annotations.Nullable;

/** A session of somebody who sends, at one gateway. */
final class SimSender {
    /** The same for all sessions of a client. */
    final int client;

    /** {@code null} for who writes to the log directly, and is never offered. */
    final @Nullable SimGateway gateway;

    /** Sequence of its first record; 0 before that. */
    long first;

    long sent;

    /** When it first sent something; 0 before that. */
    long firstAt;

    SimSender(int client, @Nullable SimGateway gateway) {
        this.client = client;
        this.gateway = gateway;
    }
}
