package dev.rmb.bench.peer;

/**
 * What calls what how often.
 *
 * @param askingRedis of the peer that calls
 * @param servingRedis of the peer that is called
 * @param servingTwin its twin
 * @param calls that are measured
 * @param warmup calls before them
 * @param inFlight calls at the same time
 * @param payloadBytes of each request; the answer has the same
 * @param ttlSeconds of each request
 */
public record PeerPairSettings(
        String askingRedis,
        String servingRedis,
        long servingTwin,
        int calls,
        int warmup,
        int inFlight,
        int payloadBytes,
        int ttlSeconds) {
    public PeerPairSettings {
        if (calls < 1 || warmup < 0 || inFlight < 1 || payloadBytes < 0 || ttlSeconds < 1) {
            throw new IllegalArgumentException("calls, calls in flight and their TTL are positive");
        }
    }
}
