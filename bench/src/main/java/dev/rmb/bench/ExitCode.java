package dev.rmb.bench;

/** What the commands exit with; picocli has 2 for a wrong command line. */
final class ExitCode {
    static final int PERFECT = 0;

    /** Messages were lost, duplicated or reordered, or a session ended. */
    static final int IMPERFECT = 1;

    static final int NOT_STARTED = 3;

    private ExitCode() {}
}
