package dev.rmb.testing;

import java.nio.file.Path;

/**
 * Files as a pod is given them.
 *
 * @param certificate PEM
 * @param key PKCS#8 PEM
 * @param trust PEM, the authority's certificate
 */
public record TestIdentity(Path certificate, Path key, Path trust) {}
