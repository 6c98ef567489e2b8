package dev.rmb.server.peers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rmb.server.paging.PageRequest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A list of which each pod has a part, in one order. A page of it is made of the first items behind
 * the cursor that each pod has: those that are the first among all of them. So a page costs each
 * pod no more than one of its own, and items that come and go move no others.
 *
 * @param name of the array in answers
 * @param cursor of an item: the text that sorts it among all others; no two have the same
 */
public record ClusterList(String name, Function<JsonNode, String> cursor) {
    /**
     * What one pod has behind the cursor.
     *
     * @param items in their order, at most as many as were asked for
     * @param next up to where that is all; {@code null} if nothing follows
     */
    public record Part(List<? extends JsonNode> items, @Nullable String next) {
        public static final Part NONE = new Part(List.of(), null);
    }

    /** A part out of a list that holds one item more than was asked for if there are more. */
    public Part part(List<? extends JsonNode> items, int limit) {
        return items.size() > limit
                ? new Part(items.subList(0, limit), cursor.apply(items.get(limit - 1)))
                : new Part(items, null);
    }

    /** What several parts make together. */
    public Part join(List<Part> parts, int limit) {
        List<JsonNode> all = new ArrayList<>();
        @Nullable String next = null;
        for (Part part : parts) {
            all.addAll(part.items());
            next = nearer(next, part.next());
        }
        return cut(all, next, limit);
    }

    /** One pod's own page. */
    public ObjectNode page(PageRequest request, Part own) {
        return page(request, own, PeerAnswers.NONE);
    }

    /**
     * The cluster's page.
     *
     * @param others pages that other pods gave to the same request
     */
    public ObjectNode page(PageRequest request, Part own, PeerAnswers others) {
        List<JsonNode> all = new ArrayList<>(own.items());
        @Nullable String horizon = own.next();
        List<PeerAnswers.Missing> missing = new ArrayList<>(others.missing());
        for (PeerAnswers.Answer answer : others.given()) {
            JsonNode items = answer.body().path(name);
            if (answer.isSuccess() && items.isArray()) {
                items.forEach(all::add);
                horizon = nearer(horizon, answer.body().path("next").textValue());
            } else {
                missing.add(new PeerAnswers.Missing(answer.pod(), reason(answer)));
            }
        }
        Part page = cut(all, horizon, request.limit());
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.putArray(name).addAll(page.items());
        if (page.next() != null) {
            body.put("next", page.next());
        }
        new PeerAnswers(List.of(), missing).tellMissing(body);
        return body;
    }

    /**
     * @param horizon behind it, somebody may have items that it did not give
     */
    private Part cut(List<JsonNode> all, @Nullable String horizon, int limit) {
        all.sort(Comparator.comparing(cursor));
        if (horizon != null) {
            all.removeIf(item -> cursor.apply(item).compareTo(horizon) > 0);
        }
        return all.size() > limit
                ? new Part(all.subList(0, limit), cursor.apply(all.get(limit - 1)))
                : new Part(all, horizon);
    }

    private static @Nullable String nearer(@Nullable String one, @Nullable String other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return one.compareTo(other) <= 0 ? one : other;
    }

    private static String reason(PeerAnswers.Answer answer) {
        String detail = answer.body().path("detail").asText("");
        return "it answered " + answer.status() + (detail.isEmpty() ? "" : ": " + detail);
    }
}
