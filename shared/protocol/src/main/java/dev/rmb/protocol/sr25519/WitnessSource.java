package dev.rmb.protocol.sr25519;

/** Where the fresh part of a signature's witness comes from. */
@FunctionalInterface
public interface WitnessSource {
    /** 32 bytes that nobody can foresee. */
    byte[] next32();
}
