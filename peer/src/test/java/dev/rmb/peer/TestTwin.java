package dev.rmb.peer;

import dev.rmb.protocol.identity.EncryptionKey;
import dev.rmb.protocol.identity.KeyPair;
import dev.rmb.protocol.identity.KeyType;
import dev.rmb.twins.Twin;
import org.jspecify.annotations.Nullable;

/** A twin of the tests, with its keys. */
record TestTwin(long id, KeyPair keys, EncryptionKey encryption) {
    static TestTwin of(long id, KeyType type) {
        String seed = "0x%064x".formatted(0xABCDEFL * 1_000 + id);
        return new TestTwin(id, KeyPair.of(type, seed), EncryptionKey.of(seed));
    }

    /** What a directory says of it; its payloads are encrypted. */
    Twin encrypted() {
        return record(encryption.publicKey());
    }

    /** The same without a key for encryption. */
    Twin plain() {
        return record(null);
    }

    Twin record(byte @Nullable [] pk) {
        return new Twin(id, keys.account(), "localhost", pk);
    }

    RmbPeer.Identity identity() {
        return new RmbPeer.Identity(id, keys, encryption);
    }
}
