/**
 * The Reliable Message Bus as a library: identities, signatures, envelopes, end-to-end encryption
 * and tokens. It does no input or output.
 */
@SuppressWarnings(
        "requires-transitive-automatic") // the wire types, whose generator writes no module
module dev.rmb.protocol {
    requires transitive dev.rmb.proto;
    requires static transitive org.jspecify;
    requires com.fasterxml.jackson.core;
    requires com.google.protobuf;
    requires org.bouncycastle.provider;

    exports dev.rmb.protocol;
    exports dev.rmb.protocol.encryption;
    exports dev.rmb.protocol.envelope;
    exports dev.rmb.protocol.identity;
    exports dev.rmb.protocol.token;
}
