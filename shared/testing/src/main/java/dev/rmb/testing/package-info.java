/** Doubles and fixtures that tests of several modules share. */
@NullMarked
package dev.rmb.testing;

import org.jspecify.annotations.NullMarked;
