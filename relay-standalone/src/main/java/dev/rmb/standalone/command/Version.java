package dev.rmb.standalone.command;

import dev.rmb.standalone.node.Build;
import picocli.CommandLine.IVersionProvider;

final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
        return new String[] {"relay " + Build.version()};
    }
}
