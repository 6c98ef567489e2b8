package dev.rmb.cluster.link;

import dev.rmb.cluster.tls.PodTls;
import io.grpc.netty.GrpcSslContexts;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import javax.net.ssl.SSLException;

/** TLS as links use it: 1.3, and both ends show who they are. */
final class LinkTls {
    /** Seconds for which a session can be resumed: whoever resumes one shows no certificate. */
    private static final long RESUMED_FOR = 1;

    private LinkTls() {}

    static SslContext server(PodTls tls) {
        try {
            return GrpcSslContexts.configure(SslContextBuilder.forServer(tls.keyManager()))
                    .trustManager(tls.trustManager())
                    .clientAuth(ClientAuth.REQUIRE)
                    .protocols(PodTls.PROTOCOL)
                    .sessionTimeout(RESUMED_FOR)
                    .build();
        } catch (SSLException e) {
            throw new IllegalStateException("this JDK has no " + PodTls.PROTOCOL, e);
        }
    }

    /** Holds the router to the name it is connected by (its trust manager does). */
    static SslContext client(PodTls tls) {
        try {
            return GrpcSslContexts.forClient()
                    .keyManager(tls.keyManager())
                    .trustManager(tls.trustManager())
                    .protocols(PodTls.PROTOCOL)
                    .sessionTimeout(RESUMED_FOR)
                    .build();
        } catch (SSLException e) {
            throw new IllegalStateException("this JDK has no " + PodTls.PROTOCOL, e);
        }
    }
}
