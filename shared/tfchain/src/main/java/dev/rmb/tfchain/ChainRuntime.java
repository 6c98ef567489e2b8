package dev.rmb.tfchain;

import dev.rmb.tfchain.metadata.Metadata;
import dev.rmb.tfchain.twin.TwinLayout;

/** The program that a chain runs at some block, as far as it matters here. */
record ChainRuntime(
        long specVersion, long transactionVersion, Metadata metadata, TwinLayout twins) {
    static ChainRuntime of(RuntimeVersion version, byte[] metadata) {
        Metadata parsed = Metadata.parse(metadata);
        return new ChainRuntime(
                version.spec(), version.transaction(), parsed, new TwinLayout(parsed));
    }
}
