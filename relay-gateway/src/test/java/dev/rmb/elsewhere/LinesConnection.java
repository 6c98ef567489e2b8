package dev.rmb.elsewhere;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rmb.gateway.edge.StreamConnection;
import dev.rmb.gateway.session.Ending;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.util.HexFormat;

/**
 * Envelopes in hexadecimal, a line each. A line with a question mark is answered by the same with
 * an exclamation mark, both ways: that is how deliveries are confirmed.
 */
final class LinesConnection extends StreamConnection {
    private static final int MAX_LINE = 2 * (16 << 20);

    private int unfinished;
    private boolean stopped;

    LinesConnection(Channel channel) {
        super(channel);
    }

    @Override
    public String transport() {
        return "lines";
    }

    @Override
    public void write(byte[] envelope) {
        LinesProtocol.line(output(), HexFormat.of().formatHex(envelope));
    }

    @Override
    public void probe(long mark) {
        LinesProtocol.line(output(), "?" + mark);
    }

    @Override
    protected boolean parse(ByteBuf in) {
        if (stopped) {
            return false;
        }
        int length = in.bytesBefore((byte) '\n');
        unfinished = length < 0 ? in.readableBytes() : 0;
        if (Math.max(length, unfinished) > MAX_LINE) {
            end(() -> LinesProtocol.line(output(), "-message too big"));
            return false;
        }
        if (length < 0) {
            return false;
        }
        String line = in.readCharSequence(length, UTF_8).toString();
        in.skipBytes(1);
        return understand(line);
    }

    @Override
    protected int held() {
        return unfinished;
    }

    @Override
    protected void stop() {
        stopped = true;
        unfinished = 0;
    }

    @Override
    protected void farewell(Ending ending) {
        LinesProtocol.line(output(), "-" + ending.text());
    }

    private boolean understand(String line) {
        try {
            if (line.startsWith("?")) {
                LinesProtocol.line(output(), "!" + line.substring(1));
                answered(line.length() + 1);
            } else if (line.startsWith("!")) {
                confirmed(Long.parseLong(line.substring(1)));
            } else if (!line.isEmpty()) {
                received(HexFormat.of().parseHex(line));
            }
            return true;
        } catch (IllegalArgumentException e) {
            end(() -> LinesProtocol.line(output(), "-not a line of this protocol"));
            return false;
        }
    }
}
