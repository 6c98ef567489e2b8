package dev.rmb.cluster.link;

import dev.rmb.cluster.tls.PodTls;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Judges a gateway's certificate when it opens its link, whatever happened before: TLS does not
 * look at it again when a session is resumed, or when trust has changed since the handshake.
 */
final class StillTrusted implements ServerInterceptor {
    private static final Logger log = LoggerFactory.getLogger(StillTrusted.class);

    private final PodTls tls;

    StillTrusted(PodTls tls) {
        this.tls = tls;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        String refusal = refusal(call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION));
        if (refusal == null) {
            return next.startCall(call, headers);
        }
        log.warn("A link is refused: {}", refusal);
        call.close(Status.UNAUTHENTICATED.withDescription(refusal), new Metadata());
        return new ServerCall.Listener<>() {};
    }

    private @Nullable String refusal(@Nullable SSLSession session) {
        if (session == null) {
            return "it is not encrypted";
        }
        try {
            X509Certificate[] chain =
                    Arrays.stream(session.getPeerCertificates())
                            .map(X509Certificate.class::cast)
                            .toArray(X509Certificate[]::new);
            tls.check(chain);
            return null;
        } catch (CertificateException | SSLPeerUnverifiedException e) {
            return "its certificate does not count any more: " + e.getMessage();
        }
    }
}
