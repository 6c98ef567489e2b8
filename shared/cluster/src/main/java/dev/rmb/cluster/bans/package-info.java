/**
 * Who is kept out of the whole cluster, by twin or by remote address: changed at run time, kept in
 * {@code rmb.settings}, known to every pod within a second.
 */
@NullMarked
package dev.rmb.cluster.bans;

import org.jspecify.annotations.NullMarked;
