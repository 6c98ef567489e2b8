package dev.rmb.gateway.session;

import org.jspecify.annotations.Nullable;

/**
 * What of one session's input is under way into the log, and the answers that wait for it: the
 * answer to an application ping is given when everything before it has ended (delivery.md, 15).
 * Pure; not thread-safe.
 */
final class Intake {
    /** What an answer costs while it waits, about, beside its bytes. */
    static final int ANSWER_OVERHEAD = 64;

    /** Takes an answer whose time has come. */
    @FunctionalInterface
    interface Answers {
        void give(byte[] answer);
    }

    /**
     * The envelopes between two waiting answers. Envelopes of one session end in any order, as they
     * go to different partitions; counting them in stages needs no memory for each.
     */
    static final class Stage {
        private int open;
        private byte @Nullable [] answer;
        private @Nullable Stage next;
    }

    private Stage oldest = new Stage();
    private Stage newest = oldest;
    private int open;
    private long bytes;

    /** What envelopes under way and waiting answers weigh together. */
    long bytes() {
        return bytes;
    }

    /** Whether no envelope is under way. */
    boolean isEmpty() {
        return open == 0;
    }

    /** An envelope is handed to the log; its end is told with the stage returned. */
    Stage sent(int size) {
        bytes += size;
        open++;
        newest.open++;
        return newest;
    }

    /** An envelope has ended. Gives the answers that waited for nothing else. */
    void ended(Stage stage, int size, Answers answers) {
        bytes -= size;
        open--;
        stage.open--;
        byte[] answer;
        while (oldest.open == 0 && (answer = oldest.answer) != null) {
            Stage next = oldest.next;
            if (next == null) {
                throw new IllegalStateException("a stage that has its answer has a next one");
            }
            oldest = next;
            bytes -= answer.length + ANSWER_OVERHEAD;
            answers.give(answer);
        }
    }

    /** Gives an answer as soon as everything sent before has ended: perhaps at once. */
    void answerInTurn(byte[] answer, Answers answers) {
        if (oldest == newest && newest.open == 0) {
            answers.give(answer);
            return;
        }
        bytes += answer.length + ANSWER_OVERHEAD;
        Stage next = new Stage();
        newest.answer = answer;
        newest.next = next;
        newest = next;
    }
}
