package dev.rmb.server.admin;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * TLS on the admin port. The files are read anew when they change.
 *
 * @param certificate PEM: this pod's certificate, and what lies between it and an authority
 * @param key PEM: its private key, PKCS#8, not encrypted
 * @param trust PEM: the authorities of the other pods' admin ports, for questions to them; absent:
 *     those that Java trusts
 */
public record AdminTlsSettings(Path certificate, Path key, @Nullable Path trust) {}
