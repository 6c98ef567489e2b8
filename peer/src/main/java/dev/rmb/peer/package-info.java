/**
 * A peer: what is pushed on lists of a local Redis goes to other twins, and what they send comes
 * out of others.
 */
@NullMarked
package dev.rmb.peer;

import org.jspecify.annotations.NullMarked;
