package dev.rmb.tfchain.fake;

import dev.rmb.protocol.identity.AccountId;
import dev.rmb.protocol.identity.Signatures;
import dev.rmb.tfchain.hash.Hashes;
import dev.rmb.tfchain.metadata.Metadata;
import dev.rmb.tfchain.metadata.Value;
import dev.rmb.tfchain.scale.ScaleReader;
import dev.rmb.tfchain.scale.ScaleWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A transaction as the chain reads it: with a good signature, for this chain and runtime.
 *
 * @param create whether it registers a twin; it updates one otherwise
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record FakeExtrinsic(
        AccountId account,
        long nonce,
        boolean create,
        @Nullable String relay,
        byte @Nullable [] pk) {
    private static final int SIGNED = 0x84;
    private static final int SIGNATURE = 64;

    /**
     * @param birth finds the hash of the first block of an era by its period and phase
     */
    static FakeExtrinsic read(byte[] bytes, FakeRuntime runtime, String genesis, EraBirth birth) {
        Metadata metadata = runtime.metadata();
        var reader = new ScaleReader(bytes);
        require(reader.compactU32() == reader.remaining(), "its length is wrong");
        require(reader.u8() == SIGNED, "it is not signed, version 4");
        require(reader.u8() == 0, "its address is no account id");
        AccountId account = AccountId.of(reader.bytes(AccountId.LENGTH));
        int scheme = reader.u8();
        require(scheme <= 1, "its signature's scheme is unknown");
        byte[] signature = reader.bytes(SIGNATURE);
        int extraAt = reader.position();
        int eraByte = reader.u8();
        String checkpoint = genesis;
        if (eraByte != 0) {
            int era = eraByte | reader.u8() << 8;
            long period = 2L << (era & 15);
            checkpoint = birth.hash(period, (era >> 4) * Math.max(1, period >> 12));
        }
        long nonce = reader.compactU32();
        long tip = reader.compactU32();
        require(tip == 0, "it has a tip");
        byte[] extra = Arrays.copyOfRange(bytes, extraAt, reader.position());
        byte[] call = Arrays.copyOfRange(bytes, reader.position(), bytes.length);
        byte[] payload =
                new ScaleWriter()
                        .bytes(call)
                        .bytes(extra)
                        .u32(runtime.spec())
                        .u32(runtime.transaction())
                        .bytes(FakeBlock.bytes(genesis))
                        .bytes(FakeBlock.bytes(checkpoint))
                        .toByteArray();
        byte[] typed = new ScaleWriter().u8(scheme == 0 ? 'e' : 's').bytes(signature).toByteArray();
        require(
                Signatures.verify(
                        account,
                        payload.length > 256 ? Hashes.blake2b256(payload) : payload,
                        typed),
                "Transaction has a bad signature");
        require(
                reader.u8() == metadata.palletIndex("TfgridModule"),
                "its call is of another pallet");
        int number = reader.u8();
        boolean create = number == metadata.call("TfgridModule", "create_twin").index();
        require(
                create || number == metadata.call("TfgridModule", "update_twin").index(),
                "its call is another one");
        byte[] relay = optional(metadata, reader, 0);
        byte[] pk = optional(metadata, reader, 1);
        reader.expectEnd();
        return new FakeExtrinsic(
                account,
                nonce,
                create,
                relay == null ? null : new String(relay, StandardCharsets.UTF_8),
                pk);
    }

    private static byte @Nullable [] optional(Metadata metadata, ScaleReader reader, int argument) {
        int type = metadata.call("TfgridModule", "create_twin").arguments().get(argument).type();
        return metadata.types().decode(type, reader).asOption().map(Value::asBytes).orElse(null);
    }

    private static void require(boolean fine, String otherwise) {
        if (!fine) {
            throw new FakeRpcException(1010, "Invalid Transaction: " + otherwise);
        }
    }

    @FunctionalInterface
    interface EraBirth {
        String hash(long period, long phase);
    }
}
