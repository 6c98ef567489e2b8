package dev.rmb.standalone.command;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.rmb.protocol.identity.KeyPair;
import java.nio.file.Path;
import java.util.HexFormat;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "key",
        description = "Makes a new secret, or shows the account of one.",
        mixinStandardHelpOptions = true,
        subcommands = {KeyCommand.Create.class, KeyCommand.Show.class})
final class KeyCommand {
    @Command(
            name = "create",
            description = "Writes a new 24-word mnemonic to a file that does not exist yet.",
            mixinStandardHelpOptions = true)
    static final class Create implements Runnable {
        @Option(
                names = "--out",
                paramLabel = "FILE",
                required = true,
                description = "where the secret goes; readable by you only")
        @SuppressWarnings("NullAway.Init")
        private Path out;

        @Override
        public void run() {
            SecretFile.create(out);
        }
    }

    @Command(
            name = "show",
            description =
                    "Prints what is public of a secret: its account, as hex and as SS58 text, and"
                            + " the key that others encrypt with.",
            mixinStandardHelpOptions = true)
    static final class Show implements Runnable {
        @Mixin private final SecretOptions secret = new SecretOptions();

        @Option(names = "--json", description = "print a JSON object")
        private boolean json;

        @SuppressWarnings("NullAway.Init")
        @Spec
        private CommandSpec spec;

        @Override
        public void run() {
            String pk = "0x" + HexFormat.of().formatHex(secret.encryptionKey());
            try (KeyPair key = secret.keyPair()) {
                var out = spec.commandLine().getOut();
                if (json) {
                    out.println(
                            JsonNodeFactory.instance
                                    .objectNode()
                                    .put("account", key.account().toString())
                                    .put("ss58", key.account().ss58())
                                    .put("pk", pk));
                } else {
                    out.println("account " + key.account());
                    out.println("ss58    " + key.account().ss58());
                    out.println("pk      " + pk);
                }
                out.flush();
            }
        }
    }
}
