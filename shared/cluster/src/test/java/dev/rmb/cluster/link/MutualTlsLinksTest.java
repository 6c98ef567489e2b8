package dev.rmb.cluster.link;

import dev.rmb.cluster.tls.PodTls;
import dev.rmb.cluster.tls.TlsSettings;
import dev.rmb.testing.TestAuthority;
import dev.rmb.testing.TestIdentity;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

final class MutualTlsLinksTest extends LinkContract {
    private static final TestAuthority AUTHORITY = new TestAuthority("cluster");

    @TempDir Path directory;
    private final List<PodTls> identities = new ArrayList<>();

    @Override
    LinkAcceptor acceptor() {
        PodTls router = open("router", AUTHORITY.identity("localhost", "127.0.0.1"));
        return new GrpcLinkAcceptor(
                ROUTER,
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                null,
                new LinkSecurity.Encrypted(router));
    }

    @Override
    LinkConnector connector() {
        PodTls gateway =
                open("gateway", AUTHORITY.identity("gateway.example.org").algorithm("RSA"));
        return new GrpcLinkConnector(GATEWAY, new LinkSecurity.Encrypted(gateway));
    }

    @AfterEach
    void closeIdentities() {
        identities.forEach(PodTls::close);
    }

    private PodTls open(String pod, TestAuthority.Request request) {
        TestIdentity files = request.writeTo(directory.resolve(pod));
        PodTls tls =
                PodTls.open(
                        new TlsSettings(files.certificate(), files.key(), files.trust(), null),
                        pod);
        identities.add(tls);
        return tls;
    }
}
