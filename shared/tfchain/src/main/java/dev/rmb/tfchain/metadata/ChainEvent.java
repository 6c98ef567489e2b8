package dev.rmb.tfchain.metadata;

/**
 * Something that happened in a block.
 *
 * @param extrinsic number of the transaction in the block that it belongs to; -1 if it is none's
 */
public record ChainEvent(long extrinsic, String pallet, String name, Value.Struct fields) {
    /** Whether it is this one. */
    public boolean is(String wantedPallet, String wantedName) {
        return pallet.equals(wantedPallet) && name.equals(wantedName);
    }
}
