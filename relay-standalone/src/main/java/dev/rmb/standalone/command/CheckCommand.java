package dev.rmb.standalone.command;

import dev.rmb.cluster.tls.PodTls;
import dev.rmb.cluster.tls.ServerTls;
import dev.rmb.cluster.tls.TlsException;
import dev.rmb.cluster.tls.TlsSettings;
import dev.rmb.gateway.tls.EdgeTlsSettings;
import dev.rmb.server.access.Gate;
import dev.rmb.server.admin.AdminConfig;
import dev.rmb.server.admin.AdminTlsSettings;
import dev.rmb.standalone.node.RelayConfig;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;

@Command(
        name = "check",
        description =
                "Verifies a configuration file, with the environment over it, and says everything"
                        + " that is wrong with it.",
        mixinStandardHelpOptions = true)
final class CheckCommand extends ConfigCommand {
    @Override
    void run(CommandSpec command, RelayConfig config) {
        List<String> wrong = new ArrayList<>();
        EdgeTlsSettings edge = config.gateway().tls();
        if (edge != null) {
            check("gateway.tls", () -> ServerTls.check(edge.certificate(), edge.key()), wrong);
        }
        check("gateway.links.tls", config.gateway().links().tls(), wrong);
        check("router.links.tls", config.router().links().tls(), wrong);
        checkAdmin(config.admin(), wrong);
        if (!wrong.isEmpty()) {
            throw new CommandException(String.join("\n", wrong));
        }
        PrintWriter out = command.commandLine().getOut();
        out.println("the configuration is valid");
        out.flush();
    }

    private static void check(String path, @Nullable TlsSettings tls, List<String> wrong) {
        if (tls != null) {
            check(path, () -> PodTls.check(tls), wrong);
        }
    }

    private static void checkAdmin(AdminConfig admin, List<String> wrong) {
        AdminTlsSettings tls = admin.tls();
        if (tls != null) {
            check("admin.tls", () -> ServerTls.check(tls.certificate(), tls.key()), wrong);
        }
        Path tokens = admin.tokenFile();
        if (tokens != null) {
            check("admin.tokenFile", () -> Gate.check(tokens), wrong);
        }
    }

    private static void check(String path, Runnable files, List<String> wrong) {
        try {
            files.run();
        } catch (TlsException | IllegalArgumentException e) {
            wrong.add(path + ": " + e.getMessage());
        }
    }
}
