package dev.rmb.client;

/** Which payloads are encrypted. */
public enum Encryption {
    /**
     * Those to twins that have a public key in their record, if this twin has its own there, too:
     * both are needed to decrypt them. Others go as they are. The default.
     */
    WHEN_POSSIBLE,

    /** All; what cannot be encrypted is not sent. Plain payloads are still taken. */
    ALWAYS,

    /** None. Encrypted payloads are still taken, if there is a key to decrypt them. */
    NEVER
}
