/** What the admin API is, for programs: an OpenAPI document made from its resources. */
@NullMarked
package dev.rmb.server.openapi;

import org.jspecify.annotations.NullMarked;
