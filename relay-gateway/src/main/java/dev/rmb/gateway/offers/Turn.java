package dev.rmb.gateway.offers;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.IntConsumer;

/** A turn of an event loop, at whose end goes out what it has to offer. Confined to the loop. */
public final class Turn {
    /** Something that waits for the end of a turn. */
    @FunctionalInterface
    public interface Batch {
        /** The turn is over. */
        void send();
    }

    private final Executor loop;
    private final Runnable end = this::end;
    private List<Batch> touched = new ArrayList<>();
    private List<Batch> sending = new ArrayList<>();
    private IntConsumer counter = _ -> {};
    private int envelopes;
    private boolean ends;

    /**
     * @param loop runs what it is given behind what is being done
     */
    public Turn(Executor loop) {
        this.loop = loop;
    }

    /**
     * An envelope came in this turn.
     *
     * @param counter hears of how many there were
     */
    public void envelope(IntConsumer counter) {
        this.counter = counter;
        envelopes++;
        endLater();
    }

    /** Has a batch sent at the end of the turn. To be called once for each batch. */
    public void touch(Batch batch) {
        touched.add(batch);
        endLater();
    }

    private void endLater() {
        if (!ends) {
            ends = true;
            try {
                loop.execute(end);
            } catch (RejectedExecutionException e) {
                // The loop is over, and with it everything that could be offered.
                touched.clear();
            }
        }
    }

    private void end() {
        ends = false;
        List<Batch> now = touched;
        touched = sending;
        sending = now;
        for (int i = 0; i < now.size(); i++) {
            now.get(i).send();
        }
        now.clear();
        int count = envelopes;
        envelopes = 0;
        counter.accept(count);
    }
}
