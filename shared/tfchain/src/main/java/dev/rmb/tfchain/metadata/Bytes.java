package dev.rmb.tfchain.metadata;

import java.io.ByteArrayOutputStream;

final class Bytes {
    private Bytes() {}

    static byte[] concat(byte[]... parts) {
        var out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }
}
