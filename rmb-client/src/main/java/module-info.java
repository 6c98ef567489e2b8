/** The Java SDK of the Reliable Message Bus: calls to other twins, and serving theirs. */
module dev.rmb.client {
    requires transitive dev.rmb.protocol;
    requires static transitive org.jspecify;
    requires java.net.http;
    requires org.slf4j;

    exports dev.rmb.client;
}
