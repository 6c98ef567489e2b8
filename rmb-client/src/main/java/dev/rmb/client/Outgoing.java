package dev.rmb.client;

import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A message on its way out. Belongs to the connection's loop once it was handed over.
 *
 * @param bytes one envelope; read-only
 * @param deadline of {@link System#nanoTime}; not sent after it
 * @param end told once, on the loop: {@code null} when the message was written to the socket, or
 *     why it was not; must not block
 */
record Outgoing(ByteBuffer bytes, long deadline, Consumer<@Nullable RmbException> end) {}
