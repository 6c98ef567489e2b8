/** How the chain keeps twins, checked against its metadata. */
@NullMarked
package dev.rmb.tfchain.twin;

import org.jspecify.annotations.NullMarked;
