package dev.rmb.client;

import java.util.concurrent.CompletionStage;

/** Serves the requests of one command. */
@FunctionalInterface
public interface RequestHandler {
    /**
     * Serves a request.
     *
     * <p>Runs on one of the client's handler threads (or on the executor that the client was built
     * with) and may block; several requests are handled at a time. It may also return at once and
     * complete the stage later. Until the stage completes the request counts as in progress; see
     * {@link RmbClientBuilder#servingAtOnce}. It may wait for calls of its own client.
     *
     * <p>When the request's TTL is over, nobody waits for the answer: the request no longer counts,
     * a handler that has not returned is interrupted, and its answer is dropped.
     *
     * @param request what is asked, and by whom
     * @return completes with the answer's payload; {@link HandlerException} becomes the error it
     *     describes, any other exception an error with code 255 and no details
     * @throws Exception as if the stage had completed with it
     */
    CompletionStage<byte[]> handle(Request request) throws Exception;
}
