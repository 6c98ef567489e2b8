/** Results, for people and for programs. */
@NullMarked
package dev.rmb.reliability.report;

import org.jspecify.annotations.NullMarked;
