/** What is measured: servers that run already, or that are started for it and stopped again. */
@NullMarked
package dev.rmb.bench.targets;

import org.jspecify.annotations.NullMarked;
