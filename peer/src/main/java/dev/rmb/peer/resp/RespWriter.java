package dev.rmb.peer.resp;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Writes answers, in RESP2 or RESP3. */
final class RespWriter {
    private RespWriter() {}

    static void write(Reply reply, int version, ByteBuf out) {
        switch (reply) {
            case Reply.Simple simple -> line(out, '+', simple.text());
            case Reply.Failure failure -> line(out, '-', failure.text());
            case Reply.Whole number -> line(out, ':', Long.toString(number.value()));
            case Reply.Bulk bulk -> {
                line(out, '$', Integer.toString(bulk.value().length));
                out.writeBytes(bulk.value()).writeByte('\r').writeByte('\n');
            }
            case Reply.Nil nil -> {
                if (version >= 3) {
                    line(out, '_', "");
                } else {
                    line(out, nil.array() ? '*' : '$', "-1");
                }
            }
            case Reply.Many many -> all(out, '*', many.elements().size(), many.elements(), version);
            case Reply.Pairs pairs -> {
                int size = pairs.elements().size();
                all(
                        out,
                        version >= 3 ? '%' : '*',
                        version >= 3 ? size / 2 : size,
                        pairs.elements(),
                        version);
            }
        }
    }

    private static void all(ByteBuf out, char type, int count, List<Reply> elements, int version) {
        line(out, type, Integer.toString(count));
        for (Reply element : elements) {
            write(element, version, out);
        }
    }

    private static void line(ByteBuf out, char type, String text) {
        out.writeByte(type);
        out.writeCharSequence(text, StandardCharsets.UTF_8);
        out.writeByte('\r').writeByte('\n');
    }
}
