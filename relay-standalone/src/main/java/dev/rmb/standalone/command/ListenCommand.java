package dev.rmb.standalone.command;

import dev.rmb.client.Request;
import dev.rmb.client.RmbClient;
import dev.rmb.client.RmbException;
import dev.rmb.protocol.identity.KeyPair;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
        name = "listen",
        description =
                "Connects as a twin, prints each request that comes, and answers it with the"
                        + " payload that it brought. Ctrl-C ends it.",
        mixinStandardHelpOptions = true)
final class ListenCommand implements Runnable {
    @Mixin private final PeerOptions peer = new PeerOptions();
    @Mixin private final SecretOptions secret = new SecretOptions();

    @SuppressWarnings("NullAway.Init")
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        PrintWriter out = spec.commandLine().getOut();
        try (KeyPair key = secret.keyPair();
                RmbClient client =
                        peer.client(key)
                                .handleOthers(request -> {
                                    print(out, request);
                                    return CompletableFuture.completedFuture(request.payload());
                                })
                                .connect()) {
            Runtime.getRuntime().addShutdownHook(new Thread(client::close, "shutdown"));
            spec.commandLine().getErr().println("listening as " + client.address());
            new CountDownLatch(1).await();
        } catch (RmbException e) {
            throw new CommandException(String.valueOf(e.getMessage()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void print(PrintWriter out, Request request) {
        synchronized (out) {
            out.println(
                    "from %s: %s %s"
                            .formatted(
                                    request.source(), request.command(), text(request.payload())));
            out.flush();
        }
    }

    /** The payload as text, or its size if it is none that a terminal should be given. */
    private static String text(byte[] payload) {
        try {
            String text =
                    StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(payload)).toString();
            return text.chars().anyMatch(Character::isISOControl)
                    ? "(" + payload.length + " bytes)"
                    : text;
        } catch (CharacterCodingException e) {
            return "(" + payload.length + " bytes)";
        }
    }
}
