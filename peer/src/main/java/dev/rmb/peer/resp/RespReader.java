package dev.rmb.peer.resp;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.CorruptedFrameException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Reads commands: arrays of bulk strings, or a line of words. Netty's own Redis codec has fixed
 * bounds of 512 MiB and a million elements; these are small.
 */
final class RespReader extends ByteToMessageDecoder {
    /** Of all that a command brings. */
    static final int MAX_COMMAND = 32 << 20;

    static final int MAX_ARGUMENTS = 1024;

    private static final int MAX_LINE = 64 * 1024;
    private static final int MAX_DIGITS = 9;

    private final List<byte[]> arguments = new ArrayList<>();
    private int missing;
    private int size;

    /** Of the bulk string that is being read; -1 between them. */
    private int length = -1;

    /** One command, its name first. */
    record Command(List<byte[]> words) {
        String name() {
            return text(0).toUpperCase(java.util.Locale.ROOT);
        }

        int bytes() {
            return words.stream().mapToInt(word -> word.length).sum();
        }

        int count() {
            return words.size();
        }

        byte[] word(int index) {
            return words.get(index);
        }

        String text(int index) {
            return new String(words.get(index), StandardCharsets.UTF_8);
        }
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
        if (missing == 0) {
            begin(in, out);
        } else if (length < 0) {
            byte[] line = line(in);
            if (line != null) {
                length = number(line, '$', MAX_COMMAND);
                size += length;
                if (size > MAX_COMMAND) {
                    throw new CorruptedFrameException("invalid bulk length");
                }
            }
        } else if (in.readableBytes() >= length + 2) {
            var word = new byte[length];
            in.readBytes(word);
            if (in.readByte() != '\r' || in.readByte() != '\n') {
                throw new CorruptedFrameException("a bulk string does not end where it should");
            }
            arguments.add(word);
            length = -1;
            missing--;
            if (missing == 0) {
                out.add(new Command(List.copyOf(arguments)));
                arguments.clear();
                size = 0;
            }
        }
    }

    private void begin(ByteBuf in, List<Object> out) {
        byte[] line = line(in);
        if (line == null || line.length == 0) {
            return;
        }
        if (line[0] == '*') {
            missing = number(line, '*', MAX_ARGUMENTS);
            return;
        }
        List<byte[]> words =
                Arrays.stream(new String(line, StandardCharsets.UTF_8).strip().split("\\s+"))
                        .filter(word -> !word.isEmpty())
                        .map(word -> word.getBytes(StandardCharsets.UTF_8))
                        .toList();
        if (words.size() > MAX_ARGUMENTS) {
            throw new CorruptedFrameException("too many words");
        }
        if (!words.isEmpty()) {
            out.add(new Command(words));
        }
    }

    /** The next line without its end; {@code null} if it is not there yet. */
    private static byte @org.jspecify.annotations.Nullable [] line(ByteBuf in) {
        int end = in.bytesBefore((byte) '\n');
        if (end < 0) {
            if (in.readableBytes() > MAX_LINE) {
                throw new CorruptedFrameException("too big inline request");
            }
            return null;
        }
        if (end > MAX_LINE) {
            throw new CorruptedFrameException("too big inline request");
        }
        var line =
                new byte[end > 0 && in.getByte(in.readerIndex() + end - 1) == '\r' ? end - 1 : end];
        in.readBytes(line);
        in.skipBytes(end - line.length + 1);
        return line;
    }

    private static int number(byte[] line, char type, int max) {
        if (line.length < 2 || line.length > 1 + MAX_DIGITS || line[0] != type) {
            throw new CorruptedFrameException("expected '" + type + "' and a number");
        }
        int number = 0;
        for (int i = 1; i < line.length; i++) {
            int digit = line[i] - '0';
            if (digit < 0 || digit > 9) {
                throw new CorruptedFrameException("expected '" + type + "' and a number");
            }
            number = number * 10 + digit;
        }
        if (number > max) {
            throw new CorruptedFrameException(
                    type == '*' ? "invalid multibulk length" : "invalid bulk length");
        }
        return number;
    }
}
