package dev.rmb.tfchain;

import dev.rmb.tfchain.twin.TwinEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Writes down what it hears. */
final class RecordedChanges implements ChainListener {
    private final List<String> heard = new ArrayList<>();
    private boolean following;

    @Override
    public synchronized void changed(List<TwinEvent> events) {
        for (TwinEvent event : events) {
            heard.add(
                    event instanceof TwinEvent.Stored stored
                            ? event.id() + " at " + stored.twin().relay()
                            : event.id() + " gone");
        }
    }

    @Override
    public synchronized void retracted(Set<Long> ids) {
        heard.add("retracted " + ids);
    }

    @Override
    public synchronized void missed() {
        heard.add("missed");
    }

    @Override
    public synchronized void following(boolean now) {
        following = now;
    }

    synchronized boolean isFollowing() {
        return following;
    }

    synchronized List<String> heard() {
        return List.copyOf(heard);
    }

    synchronized void clear() {
        heard.clear();
    }
}
