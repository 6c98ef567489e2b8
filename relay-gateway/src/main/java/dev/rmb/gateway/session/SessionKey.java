package dev.rmb.gateway.session;

/**
 * Where a session stands among all: by twin, then by id. Ids are random and never used again, so a
 * place stays what it is while sessions come and go around it.
 */
public record SessionKey(long twin, long id) implements Comparable<SessionKey> {
    /** Before all sessions. */
    public static final SessionKey FIRST = new SessionKey(0, 0);

    @Override
    public int compareTo(SessionKey other) {
        int byTwin = Long.compareUnsigned(twin, other.twin);
        return byTwin != 0 ? byTwin : Long.compareUnsigned(id, other.id);
    }
}
