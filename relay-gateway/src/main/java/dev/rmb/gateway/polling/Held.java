package dev.rmb.gateway.polling;

/**
 * An envelope that the client has not confirmed.
 *
 * @param number in its session
 * @param mark which its confirmation confirms
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Held(long number, long mark, byte[] envelope) {}
