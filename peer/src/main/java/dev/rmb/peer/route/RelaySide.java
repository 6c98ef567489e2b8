package dev.rmb.peer.route;

import dev.rmb.client.EnvelopeReceiver;
import dev.rmb.client.ReceivedEnvelope;
import dev.rmb.peer.message.PeerError;
import dev.rmb.peer.redis.StoreException;
import dev.rmb.proto.Backlog;
import dev.rmb.proto.Envelope;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes what the relays deliver: requests to those who serve them, answers to those who asked. What
 * comes is verified. While too much waits for Redis, the session reads no more.
 */
public final class RelaySide implements EnvelopeReceiver {
    private static final Logger log = LoggerFactory.getLogger(RelaySide.class);

    /** For how long a relay may keep the news that a request was not served. */
    private static final long REFUSAL_EXPIRATION = 300;

    /** Some MiB; at 1,000 messages a second, a quarter of a minute. */
    private static final int REMEMBERED = 16 * 1024;

    private final LocalLists lists;
    private final Outbox outbox;
    private final Map<String, Module> modules;
    private final Lanes lanes = new Lanes("receive");
    private final Redeliveries redeliveries = new Redeliveries(REMEMBERED);

    public RelaySide(LocalLists lists, Outbox outbox, Map<String, Module> modules) {
        this.lists = lists;
        this.outbox = outbox;
        this.modules = Map.copyOf(modules);
    }

    @Override
    public void received(ReceivedEnvelope message) {
        if (redeliveries.isRepeated(message.envelope())) {
            log.debug("The envelope {} came again", message.envelope().getUid());
            message.done();
            return;
        }
        lanes.add(
                Integer.toUnsignedLong(message.envelope().getSource().getTwin()),
                () -> {
                    try {
                        dispatch(opened(message));
                    } finally {
                        message.done();
                    }
                });
    }

    private static Envelope opened(ReceivedEnvelope message) {
        return message.isEncrypted()
                ? message.envelope().toBuilder().setPlain(message.payload()).build()
                : message.envelope();
    }

    @Override
    public void refused(Envelope message, int code, String reason) {
        if (message.hasRequest()) {
            log.debug("The request {} is refused: {} {}", message.getUid(), code, reason);
        } else {
            log.warn("An answer to {} is dropped: {} {}", message.getUid(), code, reason);
        }
    }

    private void dispatch(Envelope opened) throws InterruptedException {
        switch (opened.getMessageCase()) {
            case REQUEST -> request(opened);
            case RESPONSE, ERROR -> answer(opened);
            case PING, PONG, MESSAGE_NOT_SET ->
                    log.debug("The envelope {} asks and answers nothing", opened.getUid());
        }
    }

    private void request(Envelope opened) throws InterruptedException {
        String command = opened.getRequest().getCommand();
        Module module = module(command);
        if (module != null) {
            module.request(opened);
            return;
        }
        if (!LocalLists.isServable(command)) {
            outbox.refuse(
                    opened,
                    PeerError.invalidMessage("nobody can serve such a command"),
                    REFUSAL_EXPIRATION);
            return;
        }
        try {
            lists.request(opened);
        } catch (StoreException e) {
            log.warn("The request {} cannot be handed over: {}", opened.getUid(), e.getMessage());
            outbox.refuse(
                    opened,
                    PeerError.other("the other side cannot take requests now"),
                    REFUSAL_EXPIRATION);
        }
    }

    private @Nullable Module module(String command) {
        int dot = command.indexOf('.');
        return dot < 0 ? null : modules.get(command.substring(0, dot));
    }

    private void answer(Envelope opened) throws InterruptedException {
        Optional<Backlog> known = lists.recall(opened);
        if (known.isEmpty()) {
            log.debug("Nobody waits for the answer to {}", opened.getUid());
            return;
        }
        Backlog backlog = known.get();
        if (!wasAsked(backlog, opened)) {
            log.warn(
                    "Twin {} answered {}, which it was not asked",
                    Integer.toUnsignedString(opened.getSource().getTwin()),
                    opened.getUid());
            return;
        }
        if (isOfRelay(opened) && !redeliveries.mayTell(opened.getUid(), destinations(backlog))) {
            log.debug("The relay tells of {} again", opened.getUid());
            return;
        }
        outbox.answered(opened);
        Module module = modules.get(backlog.getModule());
        if (module != null) {
            module.response(backlog, opened);
        } else {
            lists.response(backlog, opened);
        }
    }

    private static boolean isOfRelay(Envelope answer) {
        return answer.getSource().getTwin() == 0;
    }

    private static int destinations(Backlog backlog) {
        return Math.max(1, backlog.getDestinationsCount());
    }

    /** The relay may always tell why nobody else will answer. */
    private static boolean wasAsked(Backlog backlog, Envelope answer) {
        int source = answer.getSource().getTwin();
        return isOfRelay(answer)
                || backlog.getDestinationsCount() == 0
                || backlog.getDestinationsList().contains(source);
    }

    /** Waits for what was received, no longer than this. */
    public void stop(Duration within) {
        try {
            if (!lanes.awaitIdle(within)) {
                log.warn("Messages that Redis did not take in time are given up");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
