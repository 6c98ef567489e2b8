/**
 * Limits that operators change while they are in force: from what each pod's configuration says to
 * one value for the whole cluster, and back.
 */
@NullMarked
package dev.rmb.cluster.limits;

import org.jspecify.annotations.NullMarked;
