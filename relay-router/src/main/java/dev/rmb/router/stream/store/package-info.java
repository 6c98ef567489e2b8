/** The state store under the mailboxes of a partition: RocksDB, read by ranges that end. */
@NullMarked
package dev.rmb.router.stream.store;

import org.jspecify.annotations.NullMarked;
