/** The router's end of the links: what gateways say goes to the partition that it concerns. */
@NullMarked
package dev.rmb.router.link;

import org.jspecify.annotations.NullMarked;
