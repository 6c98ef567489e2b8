package dev.rmb.tfchain.fake;

import dev.rmb.protocol.identity.AccountId;
import dev.rmb.tfchain.metadata.Metadata;
import dev.rmb.tfchain.metadata.StorageItem;
import dev.rmb.tfchain.scale.ScaleWriter;
import dev.rmb.tfchain.twin.ChainTwin;
import java.nio.charset.StandardCharsets;

/** How the fake chain stores twins and tells of them; written apart from what it tests. */
final class FakeTwins {
    private static final String PALLET = "TfgridModule";
    private static final int APPLY_EXTRINSIC = 0;

    private final FakeRuntime runtime;

    FakeTwins(FakeRuntime runtime) {
        this.runtime = runtime;
    }

    String twinKey(long id) {
        return key("Twins", new ScaleWriter().u32(id).toByteArray());
    }

    String idKey(AccountId account) {
        return key("TwinIdByAccountID", account.bytes());
    }

    private String key(String item, byte[] key) {
        return FakeBlock.hex(metadata().storage(PALLET, item).at(key));
    }

    String plainKey(String pallet, String item) {
        StorageItem found = metadata().storage(pallet, item);
        return FakeBlock.hex(found.at());
    }

    private Metadata metadata() {
        return runtime.metadata();
    }

    byte[] twin(ChainTwin twin) {
        String relay = twin.relay();
        return new ScaleWriter()
                .u32(twin.id())
                .bytes(twin.account().bytes())
                .optionalByteList(relay == null ? null : relay.getBytes(StandardCharsets.UTF_8))
                .compact(0)
                .optionalByteList(twin.pk())
                .toByteArray();
    }

    byte[] stored(ChainTwin twin, boolean isNew, long extrinsic) {
        return event(extrinsic, PALLET, isNew ? "TwinStored" : "TwinUpdated", twin(twin));
    }

    byte[] deleted(long id, long extrinsic) {
        return event(extrinsic, PALLET, "TwinDeleted", new ScaleWriter().u32(id).toByteArray());
    }

    byte[] success(long extrinsic) {
        return event(extrinsic, "System", "ExtrinsicSuccess", new byte[4]);
    }

    byte[] failure(long extrinsic, String error) {
        int number = runtime.error(error);
        byte[] dispatchError = {3, (byte) metadata().palletIndex(PALLET), (byte) number, 0, 0, 0};
        return event(
                extrinsic,
                "System",
                "ExtrinsicFailed",
                new ScaleWriter().bytes(dispatchError).bytes(new byte[4]).toByteArray());
    }

    private byte[] event(long extrinsic, String pallet, String name, byte[] fields) {
        return new ScaleWriter()
                .u8(APPLY_EXTRINSIC)
                .u32(extrinsic)
                .u8(metadata().palletIndex(pallet))
                .u8(metadata().event(pallet, name).index())
                .bytes(fields)
                .compact(0)
                .toByteArray();
    }
}
