package dev.rmb.router.federation;

import dev.rmb.router.dispatch.Outgoing;
import dev.rmb.router.dispatch.Posted;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** A train under way: which relay is tried when. For the thread of federation alone. */
final class Journey {
    private static final int ACCEPTED = 202;
    private static final int NOT_FOUND = 404;
    private static final int MISDIRECTED = 421;
    private static final int CLIENT_ERROR = 400;
    private static final int SERVER_ERROR = 500;

    /** Status codes of which the protocol's "any 4xx is final" cannot have thought. */
    private static final List<Integer> LATER = List.of(408, 425, 429);

    private final Train train;
    private final Relays relays;
    private final Posts posts;
    private final Timer timer;
    private final FederationSettings settings;
    private final Runnable ended;
    private final ArrayDeque<Outgoing> left;

    /** What it counts as at {@link Relays}. */
    private final Relays.Fare fare;

    private Iterator<Relay> next = Collections.emptyIterator();
    private int pass;

    /** Of the present pass: not all of its relays were ones that nobody may speak to. */
    private boolean anyUsable;

    /** Of the present pass: one of its relays had no room. */
    private boolean anyLeftOut;

    Journey(
            Train train,
            Relays.Fare fare,
            Relays relays,
            Posts posts,
            Timer timer,
            FederationSettings settings,
            Runnable ended) {
        this.train = train;
        this.fare = fare;
        this.relays = relays;
        this.posts = posts;
        this.timer = timer;
        this.settings = settings;
        this.ended = ended;
        this.left = new ArrayDeque<>(train.messages());
    }

    void begin() {
        pass = 0;
        beginPass();
    }

    private void beginPass() {
        next = relays.ranked(train.relays(), train.to()).iterator();
        anyUsable = false;
        anyLeftOut = false;
        tryNext();
    }

    private void tryNext() {
        if (relays.isStopping() || train.isOver().getAsBoolean()) {
            end(Posted.NOT_TRIED);
            return;
        }
        while (next.hasNext()) {
            Relay relay = next.next();
            Destination to = relay.destination.orElse(null);
            if (to != null) {
                if (fare.moveTo(relay)) {
                    post(relay, to);
                    return;
                }
                anyUsable = true;
                anyLeftOut = true;
            }
        }
        if (!anyUsable) {
            end(Posted.NO_USABLE_RELAY);
        } else if (++pass < settings.passes()) {
            timer.after(jittered(settings.passPause().toMillis()), this::beginPass);
        } else {
            // A relay that was not asked has refused nothing.
            end(anyLeftOut ? Posted.NOT_TRIED : Posted.FAILED);
        }
    }

    private void post(Relay relay, Destination to) {
        posts.post(to, left.element().envelope(), answer -> answered(relay, answer));
    }

    private void answered(Relay relay, Answer answer) {
        anyUsable |= !(answer instanceof Answer.Forbidden);
        switch (answer) {
            case Answer.Status(int code) when code == ACCEPTED -> {
                relays.answered(relay);
                accepted();
            }
            case Answer.Status(int code)
                    when code >= CLIENT_ERROR && code < SERVER_ERROR && !LATER.contains(code) -> {
                // It is there, and knows what it says.
                relays.answered(relay);
                end(
                        switch (code) {
                            case NOT_FOUND -> Posted.OFFLINE;
                            case MISDIRECTED -> Posted.NOT_THERE;
                            default -> Posted.REFUSED;
                        });
            }
            case Answer.Status(int code) -> {
                relays.failed(relay, "HTTP status " + code);
                tryNext();
            }
            case Answer.NoAnswer(String why) -> {
                relays.failed(relay, why);
                tryNext();
            }
            case Answer.Forbidden(String why) -> {
                // Of a twin whose relays are all of that kind nothing better is to be expected.
                relays.failed(relay, why);
                tryNext();
            }
        }
    }

    private void accepted() {
        Outgoing message = left.remove();
        relays.count(Posted.ACCEPTED);
        train.answers().posted(message.offset(), Posted.ACCEPTED);
        if (left.isEmpty()) {
            leave();
        } else {
            begin();
        }
    }

    private void end(Posted what) {
        relays.count(what);
        train.answers().posted(left.element().offset(), what);
        leave();
    }

    /** After the answers: who waits for the end of this has heard of all. */
    private void leave() {
        fare.end();
        ended.run();
    }

    /** Half to one and a half times as long. */
    static long jittered(long ms) {
        return ms / 2 + ThreadLocalRandom.current().nextLong(ms + 1);
    }
}
