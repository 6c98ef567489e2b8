/** The targets of the project, row by row, each beside what this machine gives. */
@NullMarked
package dev.rmb.bench.table;

import org.jspecify.annotations.NullMarked;
