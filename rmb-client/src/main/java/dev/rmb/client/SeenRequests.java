package dev.rmb.client;

import dev.rmb.proto.Envelope;
import dev.rmb.protocol.Address;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The requests that came lately, so that one that comes again is not run again but answered with
 * what was answered before: relays deliver at least once between each other, and callers send again
 * what they are not sure of. Bounded: the oldest are forgotten first. Thread-safe.
 */
final class SeenRequests {
    private record Key(Address source, String uid) {
        static Key of(Request request) {
            return new Key(request.source(), request.envelope().getUid());
        }
    }

    private final int capacity;
    private final long answerBytes;
    private final Map<Key, Boolean> seen = new LinkedHashMap<>();
    private final Map<Key, Envelope> answers = new LinkedHashMap<>();
    private long bytes;

    /**
     * Without any.
     *
     * @param capacity requests at most
     * @param answerBytes of their answers together at most
     */
    SeenRequests(int capacity, long answerBytes) {
        this.capacity = capacity;
        this.answerBytes = answerBytes;
    }

    /** Whether this is the first time. Requests without a uid are all different. */
    synchronized boolean isNew(Request request) {
        Key key = Key.of(request);
        if (key.uid().isEmpty()) {
            return true;
        }
        if (seen.putIfAbsent(key, true) != null) {
            return false;
        }
        if (seen.size() > capacity) {
            Iterator<Key> oldest = seen.keySet().iterator();
            forgetAnswer(oldest.next());
            oldest.remove();
        }
        return true;
    }

    /** As if it had not come. */
    synchronized void forget(Request request) {
        Key key = Key.of(request);
        forgetAnswer(key);
        seen.remove(key);
    }

    /** Remembers what was answered, before it is encrypted and signed. */
    synchronized void answered(Request request, Envelope answer) {
        Key key = Key.of(request);
        int size = answer.getSerializedSize();
        if (size > answerBytes || !seen.containsKey(key)) {
            return;
        }
        forgetAnswer(key);
        answers.put(key, answer);
        bytes += size;
        while (bytes > answerBytes) {
            forgetAnswer(answers.keySet().iterator().next());
        }
    }

    private void forgetAnswer(Key key) {
        Envelope answer = answers.remove(key);
        if (answer != null) {
            bytes -= answer.getSerializedSize();
        }
    }

    /** What was answered; empty if it is not yet, or no longer known. */
    synchronized Optional<Envelope> answerTo(Request request) {
        return Optional.ofNullable(answers.get(Key.of(request)));
    }
}
