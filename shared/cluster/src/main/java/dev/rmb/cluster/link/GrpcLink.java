package dev.rmb.cluster.link;

import io.grpc.Status;
import io.grpc.stub.CallStreamObserver;
import java.io.IOException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One end of a link over gRPC. Sending only queues; a writer thread takes all that waits, in
 * batches, while the stream has room. What arrives comes on the stream's own (serialising)
 * executor.
 *
 * @param <S> what this end sends
 * @param <R> what it receives
 * @param <B> the batch that is written
 */
final class GrpcLink<S, R, B> implements Link<S> {
    /** How messages of one kind become a batch. Used by one thread at a time. */
    interface Batcher<S, B> {
        void add(S message);

        /** The batch of what was added; starts the next one. */
        B take();
    }

    private static final Logger log = LoggerFactory.getLogger(GrpcLink.class);

    /** Bounds of a batch: few enough messages and bytes that one frame does not hold up others. */
    private static final int BATCH_MESSAGES = 512;

    private static final long BATCH_BYTES = 1 << 20;

    private final Endpoint peer;
    private final CallStreamObserver<B> stream;
    private final Batcher<S, B> batcher;
    private final LinkListener<S, R> listener;
    private final Executor writer;
    private final Consumer<GrpcLink<S, R, B>> forget;
    private final Outbox<S> outbox = new Outbox<>();
    private final AtomicBoolean ended = new AtomicBoolean();
    private volatile @Nullable Throwable cutBecause;
    // Belongs to the stream's executor.
    private boolean told;

    GrpcLink(
            Endpoint peer,
            CallStreamObserver<B> stream,
            Batcher<S, B> batcher,
            LinkListener<S, R> listener,
            Executor writer,
            Consumer<GrpcLink<S, R, B>> forget) {
        this.peer = peer;
        this.stream = stream;
        this.batcher = batcher;
        this.listener = listener;
        this.writer = writer;
        this.forget = forget;
    }

    @Override
    public String peer() {
        return peer.pod();
    }

    @Override
    public long peerIncarnation() {
        return peer.incarnation();
    }

    @Override
    public void send(S message) {
        if (ended.get()) {
            return;
        }
        if (outbox.add(message)) {
            startWriter();
        }
        if (outbox.isOverfull()) {
            cut(new IOException("too much waits on the link to " + peer.pod()));
        }
    }

    @Override
    public boolean isWritable() {
        return outbox.isWritable();
    }

    @Override
    public void close() {
        cut(null);
    }

    /** The stream has room again. */
    void ready() {
        if (outbox.signal()) {
            startWriter();
        }
    }

    void received(R message) {
        if (!ended.get()) {
            listener.received(this, message);
        }
    }

    /** The stream is over, whoever ended it; called on the stream's executor. */
    void streamEnded(@Nullable Throwable cause) {
        boolean byOther = ended.compareAndSet(false, true);
        if (!told) {
            told = true;
            forget.accept(this);
            listener.closed(this, byOther ? cause : cutBecause);
        }
    }

    /**
     * Ends the link from this end. The listener hears of it when the stream has ended, so that
     * nothing overlaps with what it is being told.
     */
    void cut(@Nullable Throwable cause) {
        if (ended.compareAndSet(false, true)) {
            cutBecause = cause;
            writeLater(() -> {
                if (cause == null) {
                    stream.onCompleted();
                } else {
                    stream.onError(
                            Status.ABORTED.withDescription(cause.getMessage()).asException());
                }
            });
        }
    }

    private void startWriter() {
        writeLater(this::write);
    }

    private void writeLater(Runnable work) {
        try {
            writer.execute(work);
        } catch (RejectedExecutionException e) {
            log.debug("The link to {} is going down with its process", peer.pod());
        }
    }

    private void write() {
        int seen;
        do {
            seen = outbox.turns();
            writeBatches();
        } while (!outbox.finished(seen));
        if (outbox.turnedWritable() && !ended.get()) {
            listener.writable(this);
        }
    }

    private void writeBatches() {
        while (!ended.get() && stream.isReady()) {
            int messages = 0;
            long bytes = 0;
            S message;
            while (messages < BATCH_MESSAGES
                    && bytes < BATCH_BYTES
                    && (message = outbox.poll()) != null) {
                batcher.add(message);
                messages++;
                bytes += LinkCodec.weigh(message);
            }
            if (messages == 0) {
                return;
            }
            stream.onNext(batcher.take());
        }
    }
}
