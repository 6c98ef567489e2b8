package dev.rmb.protocol.sr25519;

/** Where the fresh part of a signature's witness comes from. */
@FunctionalInterface
public interface WitnessSource {
    /** {@return 32 bytes that nobody can foresee; a new array, which is wiped after use} */
    byte[] next32();
}
