/** One relay process: what it is configured with, and its parts wired together. */
@NullMarked
package dev.rmb.standalone.node;

import org.jspecify.annotations.NullMarked;
