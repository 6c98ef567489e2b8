package dev.rmb.twins;

import dev.rmb.protocol.identity.AccountId;
import java.nio.ByteBuffer;

/** Twins to test with. */
final class Twins {
    private Twins() {}

    /** Different for different numbers. */
    static AccountId account(long number) {
        return AccountId.of(
                ByteBuffer.allocate(AccountId.LENGTH).putLong(number).putLong(24, ~number).array());
    }

    static byte[] pk(int number) {
        byte[] pk = new byte[33];
        pk[0] = 2;
        pk[32] = (byte) number;
        return pk;
    }

    static Twin bare(long id) {
        return new Twin(id, account(id), null, null);
    }

    static Twin full(long id) {
        return new Twin(id, account(id), "r1.example.org_r2.example.org", pk((int) id));
    }
}
