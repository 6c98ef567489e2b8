package dev.rmb.tfchain.extrinsic;

/**
 * What a transaction is signed for, besides its call.
 *
 * @param nonce how many the account has sent before
 * @param tip for who includes it
 * @param genesis hash of the chain's first block
 * @param checkpoint hash of the era's first block; the genesis for an immortal one
 */
@SuppressWarnings("ArrayRecordComponent") // handed on, never kept
public record Signing(
        long nonce,
        long tip,
        long specVersion,
        long transactionVersion,
        byte[] genesis,
        Era era,
        byte[] checkpoint) {}
