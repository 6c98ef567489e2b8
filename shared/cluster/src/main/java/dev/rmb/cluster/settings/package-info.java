/**
 * What operators change at run time for the whole cluster, in the topic {@code rmb.settings}: known
 * to every pod within a second, and after a restart.
 */
@NullMarked
package dev.rmb.cluster.settings;

import org.jspecify.annotations.NullMarked;
