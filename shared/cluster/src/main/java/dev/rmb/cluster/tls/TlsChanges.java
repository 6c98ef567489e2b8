package dev.rmb.cluster.tls;

import java.time.Instant;

/** Hears what becomes of TLS files; on the thread that looks at them. */
public interface TlsChanges {
    /** For whom the log is enough. */
    TlsChanges IGNORED =
            new TlsChanges() {
                @Override
                public void inUse(Instant expires) {}

                @Override
                public void refused() {}
            };

    /** What the files hold is in use now: at the start, and after each change. */
    void inUse(Instant expires);

    /** Files have changed and cannot be used: those before stay in use. Told once for each. */
    void refused();
}
