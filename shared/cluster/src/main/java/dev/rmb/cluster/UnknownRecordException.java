package dev.rmb.cluster;

/** A record was written by a newer version of this software, or by something else. */
public final class UnknownRecordException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public UnknownRecordException(String what) {
        super(what, null, false, false);
    }
}
