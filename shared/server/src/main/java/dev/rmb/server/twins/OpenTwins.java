package dev.rmb.server.twins;

import dev.rmb.twins.TwinDirectory;
import dev.rmb.twins.TwinRegistry;
import java.util.Optional;

/**
 * A source of twins in use.
 *
 * @param directory to look twins up
 * @param registry to change them, where this relay may
 */
public record OpenTwins(TwinDirectory directory, Optional<TwinRegistry> registry)
        implements AutoCloseable {
    @Override
    public void close() {
        registry.ifPresent(TwinRegistry::close);
        directory.close();
    }
}
