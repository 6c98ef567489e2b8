/**
 * One YAML file per process becomes one record: read strictly, overridden by the environment, and
 * refused with all its errors at once.
 */
@NullMarked
package dev.rmb.server.config;

import org.jspecify.annotations.NullMarked;
