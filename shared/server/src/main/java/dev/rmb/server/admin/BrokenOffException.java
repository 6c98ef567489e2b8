package dev.rmb.server.admin;

import java.io.IOException;

/**
 * A body that is being written cannot be completed: its connection is broken off, so that nobody
 * takes what was sent for all of it.
 */
public final class BrokenOffException extends IOException {
    private static final long serialVersionUID = 1L;

    /**
     * @param reason for the log
     */
    public BrokenOffException(String reason) {
        super(reason);
    }
}
