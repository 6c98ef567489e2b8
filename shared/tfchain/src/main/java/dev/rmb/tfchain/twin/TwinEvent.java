package dev.rmb.tfchain.twin;

/** What a block did to a twin. */
public sealed interface TwinEvent {
    long id();

    /** It is new, or changed. */
    record Stored(ChainTwin twin) implements TwinEvent {
        @Override
        public long id() {
            return twin.id();
        }
    }

    record Deleted(long id) implements TwinEvent {}
}
