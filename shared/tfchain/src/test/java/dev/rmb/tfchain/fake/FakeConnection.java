package dev.rmb.tfchain.fake;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.rmb.protocol.identity.AccountId;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One client of a fake node. Of its event loop, but for {@link #cut}. */
final class FakeConnection extends SimpleChannelInboundHandler<TextWebSocketFrame> {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Some clients hang unless a block is included and final at different times. */
    private static final long FINALITY_MS = 300;

    private final FakeNode node;
    private final FakeChain chain;
    private final Map<String, String> heads = new LinkedHashMap<>();
    private final Map<String, Long> versions = new HashMap<>();
    private final Map<String, String> transactions = new LinkedHashMap<>();
    private @Nullable ChannelHandlerContext context;
    private @Nullable AutoCloseable watch;
    private long subscriptions;

    FakeConnection(FakeNode node, FakeChain chain) {
        this.node = node;
        this.chain = chain;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext channel, Object event) {
        if (event instanceof WebSocketServerProtocolHandler.HandshakeComplete) {
            context = channel;
            node.opened(this);
            watch =
                    chain.watch(block ->
                            channel.executor()
                                    .execute(() -> {
                                        if (!node.isStalled()) {
                                            newBlock(block);
                                        }
                                    }));
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext channel) throws Exception {
        node.closed(this);
        if (watch != null) {
            watch.close();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext channel, Throwable cause) {
        var unused = channel.close();
    }

    void cut() {
        ChannelHandlerContext open = context;
        if (open != null) {
            var unused = open.close();
        }
    }

    private void newBlock(FakeBlock block) {
        heads.forEach((id, method) -> {
            if (method.equals("chain_finalizedHead")) {
                notify(method, id, chain.finalized().header());
            } else {
                notify(method, id, block.header());
            }
        });
        versions.replaceAll((id, known) -> {
            if (known != block.runtime().spec()) {
                notify("state_runtimeVersion", id, version(block.runtime()));
            }
            return block.runtime().spec();
        });
        List<String> included = new ArrayList<>();
        transactions.forEach((id, hex) -> {
            if (block.extrinsics().contains(hex)) {
                included.add(id);
            }
        });
        for (String id : included) {
            transactions.remove(id);
            notify("author_extrinsicUpdate", id, Map.of("inBlock", block.hash()));
            later(
                    () -> notify("author_extrinsicUpdate", id, Map.of("finalized", block.hash())),
                    FINALITY_MS);
        }
    }

    private void later(Runnable task, long ms) {
        ChannelHandlerContext open = context;
        if (open != null) {
            var unused = open.executor().schedule(task, ms, TimeUnit.MILLISECONDS);
        }
    }

    @Override
    protected void channelRead0(ChannelHandlerContext channel, TextWebSocketFrame frame)
            throws Exception {
        JsonNode message = JSON.readTree(frame.text());
        if (message.isArray()) {
            List<Object> answers = new ArrayList<>();
            message.forEach(request -> answers.add(answer(request)));
            send(answers);
            return;
        }
        if (!node.called(message.path("method").asText())) {
            cut();
            return;
        }
        long slowness = node.slowness().toMillis();
        if (slowness > 0) {
            later(() -> serve(message), slowness);
        } else {
            serve(message);
        }
    }

    private void serve(JsonNode message) {
        send(answer(message));
        if (message.path("method").asText().startsWith("author_submit")) {
            chain.submitted();
        }
    }

    private Map<String, Object> answer(JsonNode request) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("jsonrpc", "2.0");
        answer.put("id", request.path("id"));
        String method = request.path("method").asText();
        try {
            Integer error = node.errorOf(method);
            if (error != null) {
                throw new FakeRpcException(error, "Internal error");
            }
            JsonNode scripted = node.answerTo(method);
            answer.put(
                    "result", scripted != null ? scripted : call(method, request.path("params")));
        } catch (FakeRpcException e) {
            answer.put(
                    "error", Map.of("code", e.code(), "message", String.valueOf(e.getMessage())));
        } catch (RuntimeException e) {
            answer.put("error", Map.of("code", -32602, "message", String.valueOf(e)));
        }
        return answer;
    }

    private @Nullable Object call(String method, JsonNode params) {
        return switch (method) {
            case "system_chain" -> "Fake TFChain";
            case "system_name" -> "fake-node";
            case "system_version" -> "1.0.0";
            case "system_chainType" -> "Development";
            case "system_properties" ->
                    Map.of("ss58Format", 42, "tokenDecimals", 7, "tokenSymbol", "TFT");
            case "system_health" ->
                    Map.of("peers", 1, "isSyncing", false, "shouldHavePeers", false);
            case "rpc_methods" -> Map.of("methods", List.of());
            case "chain_getBlockHash" -> blockHash(params.path(0));
            case "chain_getHeader" -> block(params.path(0)).header();
            case "chain_getFinalizedHead" -> chain.finalized().hash();
            case "chain_getBlock" -> {
                FakeBlock block = block(params.path(0));
                yield Map.of(
                        "block",
                        Map.of("header", block.header(), "extrinsics", block.extrinsics()));
            }
            case "state_getMetadata" -> FakeBlock.hex(block(params.path(0)).runtime().bytes());
            case "state_getRuntimeVersion", "chain_getRuntimeVersion" ->
                    version(block(params.path(0)).runtime());
            case "state_getStorage" -> block(params.path(1)).state().get(params.path(0).asText());
            case "state_queryStorageAt" -> storage(params.path(0), block(params.path(1)));
            case "system_accountNextIndex" ->
                    chain.nextNonce(AccountId.parse(params.path(0).asText()));
            case "chain_subscribeNewHeads", "chain_subscribeNewHead" ->
                    heads("chain_newHead", chain::last);
            case "chain_subscribeFinalizedHeads" -> heads("chain_finalizedHead", chain::finalized);
            case "state_subscribeRuntimeVersion" -> {
                String id = subscription();
                versions.put(id, chain.last().runtime().spec());
                later(() -> notify("state_runtimeVersion", id, version(chain.runtime())), 0);
                yield id;
            }
            case "author_submitExtrinsic" -> {
                chain.submit(params.path(0).asText());
                yield chain.last().hash();
            }
            case "author_submitAndWatchExtrinsic" -> {
                String hex = params.path(0).asText();
                chain.submit(hex);
                String id = subscription();
                transactions.put(id, hex);
                later(() -> notify("author_extrinsicUpdate", id, "ready"), 0);
                yield id;
            }
            case "author_unwatchExtrinsic",
                    "chain_unsubscribeNewHeads",
                    "chain_unsubscribeFinalizedHeads",
                    "state_unsubscribeRuntimeVersion" -> {
                heads.remove(params.path(0).asText());
                versions.remove(params.path(0).asText());
                transactions.remove(params.path(0).asText());
                yield true;
            }
            default -> throw new FakeRpcException(-32601, "Method not found");
        };
    }

    private Object heads(String method, Supplier<FakeBlock> now) {
        String id = subscription();
        heads.put(id, method);
        later(() -> notify(method, id, now.get().header()), 0);
        return id;
    }

    private String subscription() {
        return "sub" + ++subscriptions;
    }

    private @Nullable Object blockHash(JsonNode number) {
        if (number.isArray()) {
            List<@Nullable Object> hashes = new ArrayList<>();
            number.forEach(one -> hashes.add(blockHash(one)));
            return hashes;
        }
        if (number.isMissingNode() || number.isNull()) {
            return chain.last().hash();
        }
        FakeBlock block = chain.at(number.asLong());
        return block == null ? null : block.hash();
    }

    private FakeBlock block(JsonNode hash) {
        return hash.isTextual() ? chain.byHash(hash.asText()) : chain.last();
    }

    private static Object storage(JsonNode keys, FakeBlock block) {
        List<List<@Nullable Object>> changes = new ArrayList<>();
        for (JsonNode key : keys) {
            List<@Nullable Object> change = new ArrayList<>();
            change.add(key.asText());
            change.add(block.state().get(key.asText()));
            changes.add(change);
        }
        return List.of(Map.of("block", block.hash(), "changes", changes));
    }

    private static Map<String, Object> version(FakeRuntime runtime) {
        return Map.of(
                "specName",
                "tfchain",
                "implName",
                "tfchain",
                "authoringVersion",
                1,
                "specVersion",
                runtime.spec(),
                "implVersion",
                1,
                "transactionVersion",
                runtime.transaction(),
                "apis",
                List.of(),
                "stateVersion",
                0);
    }

    private void notify(String method, String subscription, Object result) {
        send(
                Map.of(
                        "jsonrpc",
                        "2.0",
                        "method",
                        method,
                        "params",
                        Map.of("subscription", subscription, "result", result)));
    }

    private void send(Object message) {
        ChannelHandlerContext open = context;
        if (open == null) {
            return;
        }
        try {
            var unused =
                    open.writeAndFlush(new TextWebSocketFrame(JSON.writeValueAsString(message)));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an answer that is no JSON", e);
        }
    }
}
