/**
 * How any pod answers for the whole cluster: it asks the others, over their admin ports, what each
 * says of itself.
 */
@NullMarked
package dev.rmb.server.peers;

import org.jspecify.annotations.NullMarked;
