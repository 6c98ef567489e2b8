package dev.rmb.twins;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who watches a directory. Thread-safe. */
final class TwinWatchers {
    private static final Logger log = LoggerFactory.getLogger(TwinWatchers.class);
    private static final long ALL = 0;

    private final List<TwinWatcher> watchers = new CopyOnWriteArrayList<>();

    TwinDirectory.Watch add(TwinWatcher watcher) {
        watchers.add(watcher);
        return () -> watchers.remove(watcher);
    }

    void changed(long id) {
        for (TwinWatcher watcher : watchers) {
            try {
                watcher.changed(id);
            } catch (RuntimeException e) {
                log.error("Somebody who watches twins failed", e);
            }
        }
    }

    void allChanged() {
        changed(ALL);
    }
}
