package dev.rmb.cluster.link;

import io.netty.handler.ssl.NotSslRecordException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.SSLException;

/** Why two ends did not come to terms, in an operator's words. */
final class TlsTrouble {
    private TlsTrouble() {}

    /**
     * @return what is wrong with the other end; empty if the failure has nothing to do with TLS
     */
    static Optional<String> of(Throwable failure) {
        boolean isTls = false;
        Throwable root = failure;
        for (Throwable t = failure; t != null; t = t.getCause()) {
            root = t;
            switch (t) {
                case NotSslRecordException _ -> {
                    return Optional.of("it does not speak TLS");
                }
                case CertificateExpiredException e -> {
                    return Optional.of("its certificate has expired: " + e.getMessage());
                }
                case CertificateNotYetValidException e -> {
                    return Optional.of("its certificate is not valid yet: " + e.getMessage());
                }
                case SSLException _ -> isTls = true;
                default -> {}
            }
        }
        return isTls ? Optional.of(inWords(String.valueOf(root.getMessage()))) : Optional.empty();
    }

    private static String inWords(String message) {
        String lower = message.toLowerCase(Locale.ROOT);
        if (lower.contains("empty client certificate chain")) {
            return "it shows no certificate";
        }
        if (lower.contains("unable to find valid certification path")
                || lower.contains("path does not chain")) {
            return "its certificate is not signed by an authority that is trusted here";
        }
        if (lower.contains("received fatal alert")) {
            return "it refuses this pod's certificate or TLS version (" + message + ")";
        }
        if (lower.contains("subject alternative") || lower.contains("no name matching")) {
            return "its certificate is for another name: " + message;
        }
        return message;
    }
}
