package dev.rmb.tfchain;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rmb.protocol.identity.Signer;
import dev.rmb.tfchain.extrinsic.Era;
import dev.rmb.tfchain.extrinsic.ExtrinsicFormat;
import dev.rmb.tfchain.extrinsic.Outcome;
import dev.rmb.tfchain.extrinsic.Signing;
import dev.rmb.tfchain.metadata.ChainEvent;
import dev.rmb.tfchain.metadata.MetadataException;
import dev.rmb.tfchain.rpc.Failures;
import dev.rmb.tfchain.rpc.RpcErrorException;
import dev.rmb.tfchain.scale.ScaleException;
import dev.rmb.tfchain.twin.TwinLayout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Sends transactions, each signed for the nonce that the node names. They go one after the other,
 * since the node counts one only when it has it. Of the chain's thread, all of it.
 */
final class Submissions {
    /** Some six minutes: longer than any queue, short enough to know soon that it failed. */
    private static final long ERA_BLOCKS = 64;

    /** Reorganisations are less deep. */
    private static final long SETTLED_BLOCKS = 8;

    /** Ends the watch when the node never tells; later than the era's end on the public chain. */
    private static final Duration INCLUSION = Duration.ofMinutes(8);

    private static final int ATTEMPTS = 4;
    private static final long PAUSE_MS = 250;

    /** How many may wait for those before them. */
    private static final int MAX_WAITING = 64;

    /** As nodes number it: the transaction is not valid, its nonce being used for one reason. */
    private static final int INVALID = 1010;

    /** Another one with this nonce waits. */
    private static final int SAME_NONCE = 1014;

    private final Nodes nodes;
    private final Executor loop;
    private CompletableFuture<?> last = CompletableFuture.completedFuture(true);
    private int waiting;

    Submissions(Nodes nodes, Executor loop) {
        this.nodes = nodes;
        this.loop = loop;
    }

    /** What is to be done, in the words of the runtime at hand. */
    @FunctionalInterface
    interface Call {
        byte[] encode(TwinLayout layout);
    }

    /** A transaction that the node has, or has refused. */
    @FunctionalInterface
    private interface Outcomes {
        CompletionStage<Outcome> outcome();
    }

    private static Outcomes refused(RpcErrorException refusal) {
        String reason = Failures.text(refusal);
        return () -> CompletableFuture.completedStage(new Outcome.Refused(reason));
    }

    CompletionStage<Outcome> submit(Signer signer, Call call) {
        if (waiting >= MAX_WAITING) {
            return CompletableFuture.failedStage(
                    ChainException.retryable(
                            "more than " + MAX_WAITING + " transactions wait", null));
        }
        waiting++;
        CompletableFuture<Outcomes> sent =
                last.handle((done, failure) -> true)
                        .thenComposeAsync(ignored -> send(signer, call, 1), loop);
        last = sent;
        return sent.whenCompleteAsync((watch, failure) -> waiting--, loop)
                .thenCompose(Outcomes::outcome)
                .handle((outcome, failure) -> {
                    if (failure == null) {
                        return outcome;
                    }
                    throw translate(Failures.cause(failure));
                });
    }

    private static ChainException translate(Throwable cause) {
        if (cause instanceof ChainException known) {
            return known;
        }
        return cause instanceof MetadataException
                ? ChainException.lasting(String.valueOf(cause.getMessage()), cause)
                : ChainException.retryable(
                        "what became of the transaction is not known: " + Failures.text(cause),
                        cause);
    }

    private CompletionStage<Outcomes> send(Signer signer, Call call, int attempt) {
        return nodes.node()
                .thenComposeAsync(node -> sign(node, signer, call), loop)
                .thenCompose(Watch::begin)
                .handle((watch, failure) -> {
                    if (failure == null) {
                        return CompletableFuture.<Outcomes>completedStage(watch::outcome);
                    }
                    Throwable cause = Failures.cause(failure);
                    if (cause instanceof RpcErrorException refusal) {
                        return mayHelp(refusal) && attempt < ATTEMPTS
                                ? again(signer, call, attempt + 1)
                                : CompletableFuture.completedStage(refused(refusal));
                    }
                    return CompletableFuture.<Outcomes>failedStage(cause);
                })
                .thenCompose(stage -> stage);
    }

    /** Whether the nonce was at fault: somebody else signs for this account, too. */
    private static boolean mayHelp(RpcErrorException refusal) {
        String text = String.valueOf(refusal.getMessage());
        return refusal.code() == SAME_NONCE
                || (refusal.code() == INVALID && text.contains("outdated"));
    }

    private CompletionStage<Outcomes> again(Signer signer, Call call, int attempt) {
        // Not by the chain's timer, which forgets what waits when the chain is closed.
        return new CompletableFuture<Boolean>()
                .completeOnTimeout(true, PAUSE_MS * attempt, TimeUnit.MILLISECONDS)
                .thenComposeAsync(ignored -> send(signer, call, attempt), loop);
    }

    private CompletionStage<Watch> sign(Node node, Signer signer, Call call) {
        ChainRuntime runtime = node.runtime();
        var format = new ExtrinsicFormat(runtime.metadata());
        byte[] encoded = call.encode(runtime.twins());
        CompletionStage<Long> nonce =
                node.rpc()
                        .call("system_accountNextIndex", signer.account().ss58())
                        .thenApply(Submissions::nonce);
        return nonce.thenCombineAsync(
                checkpoint(node),
                (number, block) -> {
                    byte[] genesis = HexFormat.of().parseHex(node.genesis().substring(2));
                    var signing =
                            new Signing(
                                    number,
                                    0,
                                    runtime.specVersion(),
                                    runtime.transactionVersion(),
                                    genesis,
                                    Era.Mortal.from(ERA_BLOCKS, block.number()),
                                    block.hash());
                    return new Watch(node, runtime, format.signed(signer, encoded, signing));
                },
                loop);
    }

    /** The last final block, or where nothing becomes final for long, one that is old enough. */
    private static CompletionStage<Checkpoint> checkpoint(Node node) {
        return node.rpc()
                .call("chain_getFinalizedHead")
                .thenCompose(hash ->
                        node.rpc()
                                .call("chain_getHeader", Answers.hash(hash))
                                .thenApply(header ->
                                        new Checkpoint(
                                                Answers.number(header), Answers.bytes(hash))))
                .thenCompose(last -> {
                    long settled = node.head() - SETTLED_BLOCKS;
                    return node.head() - last.number() < ERA_BLOCKS / 2
                            ? CompletableFuture.completedStage(last)
                            : node.hashes(settled, settled)
                                    .thenApply(hashes ->
                                            new Checkpoint(
                                                    settled,
                                                    HexFormat.of()
                                                            .parseHex(hashes.get(0).substring(2))));
                });
    }

    private static long nonce(JsonNode answer) {
        if (!answer.isIntegralNumber() || answer.asLong() < 0) {
            throw new ScaleException("the node's answer is no nonce");
        }
        return answer.asLong();
    }

    /** A block that will stay. */
    @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
    private record Checkpoint(long number, byte[] hash) {}

    /** One transaction, from the moment when the node has it. */
    private static final class Watch {
        private final Node node;
        private final ChainRuntime runtime;
        private final byte[] extrinsic;
        private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();
        private final AtomicReference<String> including = new AtomicReference<>("");

        Watch(Node node, ChainRuntime runtime, byte[] extrinsic) {
            this.node = node;
            this.runtime = runtime;
            this.extrinsic = extrinsic;
        }

        CompletionStage<Outcome> outcome() {
            return outcome;
        }

        CompletionStage<Watch> begin() {
            return node.rpc()
                    .subscribe(
                            this::status, "author_submitAndWatchExtrinsic", Answers.hex(extrinsic))
                    .thenApply(subscription -> {
                        var unused =
                                node.rpc()
                                        .ended()
                                        .thenAccept(why ->
                                                fail(
                                                        ChainException.retryable(
                                                                "the node was lost before the"
                                                                        + " transaction was in a block: "
                                                                        + why,
                                                                null)));
                        var unusedEither =
                                outcome.orTimeout(INCLUSION.toSeconds(), TimeUnit.SECONDS)
                                        .whenComplete((done, failure) ->
                                                node.rpc()
                                                        .unsubscribe(
                                                                "author_unwatchExtrinsic",
                                                                subscription.asText()));
                        return this;
                    });
        }

        private void fail(Throwable why) {
            outcome.completeExceptionally(why);
        }

        private void status(JsonNode status) {
            if (status.isTextual()) {
                String word = status.asText();
                if (word.equals("dropped") || word.equals("invalid")) {
                    outcome.complete(new Outcome.Refused(word + " by the node"));
                }
                return;
            }
            if (status.has("usurped")) {
                outcome.complete(new Outcome.Refused("usurped by another one of this nonce"));
            } else if (status.has("inBlock")) {
                included(status.path("inBlock"));
            } else if (status.has("finalized")) {
                included(status.path("finalized"));
            } else if (status.has("retracted")) {
                including.set("");
            }
        }

        private void included(JsonNode named) {
            String block;
            try {
                block = Answers.hash(named);
            } catch (ScaleException e) {
                fail(e);
                return;
            }
            if (outcome.isDone() || block.equals(including.getAndSet(block))) {
                return;
            }
            var unused =
                    judge(block)
                            .whenComplete((judged, failure) -> {
                                // Of a block that was taken back it would be no answer.
                                if (!block.equals(including.get())) {
                                    return;
                                }
                                if (failure != null) {
                                    fail(Failures.cause(failure));
                                } else {
                                    outcome.complete(judged);
                                }
                            });
        }

        private CompletionStage<Outcome> judge(String block) {
            return node.rpc()
                    .call("chain_getBlock", block)
                    .thenCombine(
                            node.storageAt(runtime.twins().eventsKey(), block),
                            (body, events) -> outcome(block, body, events));
        }

        private Outcome outcome(String block, JsonNode body, Optional<byte[]> stored) {
            String wanted = Answers.hex(extrinsic);
            int index = 0;
            for (JsonNode one : body.path("block").path("extrinsics")) {
                if (one.asText().equals(wanted)) {
                    long number = index;
                    List<ChainEvent> mine = new ArrayList<>();
                    for (ChainEvent event :
                            runtime.metadata()
                                    .events(stored.orElse(new byte[] {0}), (p, n) -> true)) {
                        if (event.extrinsic() == number) {
                            mine.add(event);
                        }
                    }
                    return Outcome.of(runtime.metadata(), block, mine);
                }
                index++;
            }
            throw new ScaleException("the block that should have the transaction has it not");
        }
    }
}
