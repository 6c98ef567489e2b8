package dev.rmb.peer.resp;

import java.util.List;

/** What the server answers. */
sealed interface Reply {
    Reply OK = new Simple("OK");
    Reply NIL = new Nil(false);

    /** In place of an array. */
    Reply NO_ARRAY = new Nil(true);

    /** A short text. */
    record Simple(String text) implements Reply {}

    /** An error; begins with its kind in capitals. */
    record Failure(String text) implements Reply {}

    /** A number. */
    record Whole(long value) implements Reply {}

    /** Bytes. */
    @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
    record Bulk(byte[] value) implements Reply {}

    /** Nothing; RESP2 tells whether an array is missing. */
    record Nil(boolean array) implements Reply {}

    /** Several. */
    record Many(List<Reply> elements) implements Reply {}

    /** Keys and values in turn: a map in RESP3, an array in RESP2. */
    record Pairs(List<Reply> elements) implements Reply {}

    static Reply of(long number) {
        return new Whole(number);
    }

    static Reply text(String text) {
        return new Bulk(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    static Reply wrongCount(String command) {
        return new Failure(
                "ERR wrong number of arguments for '"
                        + command.toLowerCase(java.util.Locale.ROOT)
                        + "' command");
    }
}
