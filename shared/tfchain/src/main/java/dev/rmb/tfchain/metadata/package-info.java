/** What a chain says of itself: its types, pallets, storage, calls and events. */
@NullMarked
package dev.rmb.tfchain.metadata;

import org.jspecify.annotations.NullMarked;
