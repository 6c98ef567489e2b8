/**
 * Who a pod is towards the other pods of its cluster: its certificate, and whom it trusts. For the
 * link, and for whatever else pods ask each other.
 */
@NullMarked
package dev.rmb.cluster.tls;

import org.jspecify.annotations.NullMarked;
