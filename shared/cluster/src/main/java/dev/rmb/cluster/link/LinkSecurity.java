package dev.rmb.cluster.link;

import dev.rmb.cluster.tls.PodTls;

/** How links are kept from others. */
public sealed interface LinkSecurity {
    /** Mutual TLS: both ends show a certificate of the cluster's authority. */
    record Encrypted(PodTls tls) implements LinkSecurity {}

    /** Nothing on the wire, and therefore on this machine alone: others are refused. */
    record OnThisMachine() implements LinkSecurity {}

    /** Nothing, to anybody: for development. */
    record None() implements LinkSecurity {}
}
