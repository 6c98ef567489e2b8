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
        PeerAnswers lists = others.with(name);
        Part page = lists.given().isEmpty() ? own : merged(own, lists, request.limit());
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.putArray(name).addAll(page.items());
        if (page.next() != null) {
            body.put("next", page.next());
        }
        lists.tellMissing(body);
        return body;
    }

    private Part merged(Part own, PeerAnswers lists, int limit) {
        List<JsonNode> all = new ArrayList<>(own.items());
        @Nullable String horizon = own.next();
        for (PeerAnswers.Answer answer : lists.given()) {
            answer.body().path(name).forEach(all::add);
            horizon = nearer(horizon, answer.body().path("next").textValue());
        }
        return cut(all, horizon, limit);
    }

    /**
     * @param horizon behind it, somebody may have items that it did not give
     */
    private Part cut(List<JsonNode> all, @Nullable String horizon, int limit) {
        // A place is not for nothing: it is asked for once, and not at each comparison.
        record Placed(String place, JsonNode item) {}
        List<Placed> placed = new ArrayList<>(all.size());
        for (JsonNode item : all) {
            String place = cursor.apply(item);
            if (horizon == null || place.compareTo(horizon) <= 0) {
                placed.add(new Placed(place, item));
            }
        }
        placed.sort(Comparator.comparing(Placed::place));
        int length = Math.min(placed.size(), limit);
        List<JsonNode> items = new ArrayList<>(length);
        placed.subList(0, length).forEach(one -> items.add(one.item()));
        return new Part(items, placed.size() > limit ? placed.get(limit - 1).place() : horizon);
    }

    private static @Nullable String nearer(@Nullable String one, @Nullable String other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return one.compareTo(other) <= 0 ? one : other;
    }
}
