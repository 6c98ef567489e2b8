package dev.rmb.server.admin;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.ext.WriterInterceptor;
import jakarta.ws.rs.ext.WriterInterceptorContext;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends bodies that cannot be written to their end. Where the client went away there is nobody to be
 * told; where we failed, the connection is broken off, since an orderly end would say that this was
 * all.
 */
final class BodyWriting implements WriterInterceptor {
    private static final Logger log = LoggerFactory.getLogger(BodyWriting.class);

    /** The servlet's way to say so. */
    private static final int BREAK_OFF = -1;

    @SuppressWarnings("NullAway.Init")
    @Context
    private HttpServletRequest request;

    @SuppressWarnings("NullAway.Init")
    @Context
    private HttpServletResponse response;

    @Override
    public void aroundWriteTo(WriterInterceptorContext context) throws IOException {
        var out = new Watched(context.getOutputStream());
        context.setOutputStream(out);
        try {
            context.proceed();
        } catch (IOException | RuntimeException e) {
            if (out.isGone) {
                log.debug(
                        "{} {} was not read to its end: {}",
                        request.getMethod(),
                        request.getRequestURI(),
                        e.toString());
            } else if (response.isCommitted()) {
                breakOff(e);
            } else {
                throw e;
            }
        }
    }

    private void breakOff(Exception failure) throws IOException {
        if (failure instanceof BrokenOffException) {
            log.info(
                    "The answer to {} {} was broken off: {}",
                    request.getMethod(),
                    request.getRequestURI(),
                    failure.getMessage());
        } else {
            log.error(
                    "The answer to {} {} was broken off",
                    request.getMethod(),
                    request.getRequestURI(),
                    failure);
        }
        response.sendError(BREAK_OFF);
    }

    /** Knows whether it was the client's side that failed. */
    private static final class Watched extends FilterOutputStream {
        boolean isGone;

        Watched(OutputStream out) {
            super(out);
        }

        @Override
        public void write(int b) throws IOException {
            try {
                out.write(b);
            } catch (IOException e) {
                isGone = true;
                throw e;
            }
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            try {
                out.write(bytes, from, length);
            } catch (IOException e) {
                isGone = true;
                throw e;
            }
        }

        @Override
        public void flush() throws IOException {
            try {
                out.flush();
            } catch (IOException e) {
                isGone = true;
                throw e;
            }
        }
    }
}
