/** What every server process of this project has, whatever it serves. */
@NullMarked
package dev.rmb.server;

import org.jspecify.annotations.NullMarked;
