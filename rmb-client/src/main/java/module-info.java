/** The Java SDK of the Reliable Message Bus: calls to other twins, and serving theirs. */
@SuppressWarnings("requires-transitive-automatic") // a library with optional parts, as a jar
module dev.rmb.client {
    requires transitive dev.rmb.protocol;
    requires transitive dev.rmb.twins;
    requires static transitive org.jspecify;
    requires transitive com.fasterxml.jackson.core;
    requires transitive com.google.protobuf;
    requires com.fasterxml.jackson.databind;
    requires com.github.benmanes.caffeine; // used by dev.rmb.twins, which cannot say so
    requires java.net.http;
    requires org.slf4j;

    exports dev.rmb.client;
}
