/**
 * Mail for those who are away: how fast it is accepted, and how fast it comes when they are back.
 */
@NullMarked
package dev.rmb.bench.offline;

import org.jspecify.annotations.NullMarked;
