package dev.rmb.server.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Marks a section that takes more keys than it has components, handed to its {@code JsonAnySetter}.
 * They are known by name all the same, so that a slip of the pen is an error.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface OpenSection {
    /** Gives the names of those keys; has a constructor without parameters. */
    Class<? extends Supplier<Set<String>>> keys();
}
