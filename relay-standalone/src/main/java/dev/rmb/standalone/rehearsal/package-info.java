/** What servers do, done once in little, so that the JVM can record what it needs for it. */
@NullMarked
package dev.rmb.standalone.rehearsal;

import org.jspecify.annotations.NullMarked;
