package dev.rmb.reliability.proof;

/**
 * What became of the messages of a run.
 *
 * @param sent all that were written to a socket
 * @param confirmed those that the relay accepted: the answer to a later ping came
 * @param received different ones that arrived
 * @param answered those whose sender got an error instead
 * @param lost confirmed, not answered, never arrived
 * @param reordered arrivals after something that they had to come before
 * @param repeatedInSession arrivals of what the same session had already had
 * @param repeated arrivals of what an earlier session had had
 * @param repeatedWithoutExcuse of those, the ones that an earlier session had confirmed in time
 * @param forgottenMs how long before a crash, pause or cut the earliest confirmation of a receiver
 *     was sent that had no effect
 * @param foreign arrivals that nobody sent, or not like that, or not to there
 */
public record Findings(
        long sent,
        long confirmed,
        long received,
        long answered,
        long lost,
        long reordered,
        long repeatedInSession,
        long repeated,
        long repeatedWithoutExcuse,
        long forgottenMs,
        long foreign) {

    /** Whether every promise was kept. */
    public boolean arePromised() {
        return lost == 0
                && reordered == 0
                && repeatedInSession == 0
                && repeatedWithoutExcuse == 0
                && foreign == 0;
    }
}
