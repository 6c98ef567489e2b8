package dev.rmb.router.federation;

/** Hears of relays, on any thread. */
public interface RelayWatcher {
    /** It answers again, after some time in which it did not. */
    void isBack(String domain);

    /** It is to be tried at once, whatever it did before. */
    void isReset(String domain);
}
