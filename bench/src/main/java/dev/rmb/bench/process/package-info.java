/** What a process costs: its processor time and its memory, where the system tells. */
@NullMarked
package dev.rmb.bench.process;

import org.jspecify.annotations.NullMarked;
