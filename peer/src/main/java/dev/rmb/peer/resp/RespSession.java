package dev.rmb.peer.resp;

import dev.rmb.peer.resp.RespReader.Command;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.DecoderException;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's connection. What it sends while it waits is kept, within bounds, and read no further
 * beyond them; nor is anything while it does not take its answers.
 */
final class RespSession extends SimpleChannelInboundHandler<Command> implements Client {
    private static final Logger log = LoggerFactory.getLogger(RespSession.class);
    private static final int MAX_PENDING = 256;
    private static final int MAX_PENDING_BYTES = 1 << 20;

    private final long id;
    private final Commands commands;
    private final Deque<Command> pending = new ArrayDeque<>();
    private int pendingBytes;
    private @Nullable ChannelHandlerContext context;
    private int version = 2;
    private boolean authenticated;
    private boolean leaving;
    private @Nullable String name;
    private Waiters.@Nullable Waiter waiter;
    private @Nullable Future<?> timeout;

    RespSession(long id, Commands commands) {
        this.id = id;
        this.commands = commands;
        this.authenticated = !commands.needsPassword();
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        context = added;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext from, Command command) {
        pending.add(command);
        pendingBytes += command.bytes();
        work();
        if (isBusy()) {
            from.channel().config().setAutoRead(false);
        }
    }

    private boolean isBusy() {
        return pending.size() >= MAX_PENDING || pendingBytes >= MAX_PENDING_BYTES;
    }

    /** Runs what can be run now. */
    private void work() {
        while (waiter == null && !leaving && isTakingAnswers()) {
            Command command = pending.poll();
            if (command == null) {
                return;
            }
            pendingBytes -= command.bytes();
            Reply reply = commands.execute(command, this);
            if (reply != null) {
                write(reply);
            }
        }
    }

    private boolean isTakingAnswers() {
        return context != null && context.channel().isWritable();
    }

    private void write(Reply reply) {
        ChannelHandlerContext to = context;
        if (to == null || !to.channel().isActive()) {
            return;
        }
        ByteBuf out = to.alloc().buffer();
        RespWriter.write(reply, version, out);
        var written = to.write(out);
        if (leaving) {
            to.flush();
            var _ = written.addListener(ChannelFutureListener.CLOSE);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext from) {
        from.flush();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext from) {
        work();
        from.flush();
        readOn(from);
    }

    private void readOn(ChannelHandlerContext from) {
        from.channel().config().setAutoRead(from.channel().isWritable() && !isBusy());
    }

    @Override
    public void blockOn(Waiters.Waiter waiting, long millis) {
        ChannelHandlerContext here = context;
        if (here == null || !here.channel().isActive()) {
            return;
        }
        waiter = waiting;
        commands.await(waiting);
        if (millis > 0) {
            timeout =
                    here.executor()
                            .schedule(
                                    () -> {
                                        if (commands.forget(waiting)) {
                                            waiting.taker().took(null, null);
                                        }
                                    },
                                    millis,
                                    TimeUnit.MILLISECONDS);
        }
    }

    @Override
    public void resume(Reply reply) {
        stopWaiting();
        write(reply);
        ChannelHandlerContext here = context;
        if (here == null) {
            return;
        }
        here.flush();
        // Not at once: whoever pushed is answered first.
        here.executor()
                .execute(() -> {
                    work();
                    here.flush();
                    readOn(here);
                });
    }

    private void stopWaiting() {
        waiter = null;
        if (timeout != null) {
            timeout.cancel(false);
            timeout = null;
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext from) {
        if (waiter != null) {
            var _ = commands.forget(waiter);
        }
        stopWaiting();
        leaving = true;
        pending.clear();
        pendingBytes = 0;
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext from, Throwable failure) {
        if (failure instanceof DecoderException) {
            leaving = true;
            write(new Reply.Failure("ERR Protocol error: " + failure.getMessage()));
        } else {
            if (!(failure instanceof IOException)) {
                log.warn("A connection to the embedded Redis failed", failure);
            }
            var _ = from.close();
        }
    }

    @Override
    public long id() {
        return id;
    }

    @Override
    public int version() {
        return version;
    }

    @Override
    public void speak(int asked) {
        version = asked;
    }

    @Override
    public boolean isAuthenticated() {
        return authenticated;
    }

    @Override
    public void authenticated() {
        authenticated = true;
    }

    @Override
    public @Nullable String name() {
        return name;
    }

    @Override
    public void name(String given) {
        name = given;
    }

    @Override
    public void farewell() {
        leaving = true;
    }
}
