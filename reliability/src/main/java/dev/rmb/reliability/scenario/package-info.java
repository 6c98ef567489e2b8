/** What goes wrong, one class for each, and what must hold then. */
@NullMarked
package dev.rmb.reliability.scenario;

import org.jspecify.annotations.NullMarked;
