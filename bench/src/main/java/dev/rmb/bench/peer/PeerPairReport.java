package dev.rmb.bench.peer;

import java.util.Arrays;

/**
 * How it went.
 *
 * @param answered calls
 * @param failed calls that were answered with an error
 * @param lost calls that nobody answered in time
 * @param seconds from the first to the last
 * @param sortedMicros of each answered call, from push to answer
 */
@SuppressWarnings("ArrayRecordComponent") // handed on, never compared
public record PeerPairReport(
        int answered, int failed, int lost, double seconds, long[] sortedMicros) {

    static PeerPairReport of(int failed, int lost, double seconds, long[] micros) {
        long[] sorted = micros.clone();
        Arrays.sort(sorted);
        return new PeerPairReport(sorted.length, failed, lost, seconds, sorted);
    }

    /**
     * Milliseconds that so many calls needed at most.
     *
     * @param share 0 to 1
     */
    public double milliseconds(double share) {
        if (sortedMicros.length == 0) {
            return Double.NaN;
        }
        int index = (int) Math.min(sortedMicros.length - 1L, (long) (share * sortedMicros.length));
        return sortedMicros[index] / 1e3;
    }
}
