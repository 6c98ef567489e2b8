package dev.rmb.server.traces;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rmb.cluster.trace.LogSearch;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A trace in answers. */
final class TraceJson {
    private TraceJson() {}

    static ObjectNode event(String pod, TraceSource.Event event) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("at", event.at().toString());
        body.put("pod", pod);
        body.put("what", event.what());
        if (event.offset() != null) {
            body.put("offset", event.offset());
        }
        if (event.detail() != null) {
            body.put("detail", event.detail());
        }
        return body;
    }

    static ObjectNode place(String pod, long offset, TraceSource.Place place) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("offset", offset);
        body.put("owner", pod);
        body.put("state", place.state());
        put(body, "why", place.why());
        put(body, "session", place.session());
        put(body, "gateway", place.gateway());
        return body;
    }

    static ObjectNode message(long offset, LogSearch.@Nullable Hit hit) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("offset", offset);
        if (hit != null) {
            body.put("accepted", Instant.ofEpochMilli(hit.acceptedMs()).toString());
            if (hit.ingressMs() > 0) {
                body.put("received", Instant.ofEpochMilli(hit.ingressMs()).toString());
            }
            body.put("kind", hit.kind().name().toLowerCase(Locale.ROOT));
            body.put("source", String.valueOf(hit.source()));
            body.put("destination", hit.destination().toString());
            body.put("bytes", hit.bytes());
            if (hit.relayMade()) {
                body.put("madeByRelay", true);
            }
        }
        return body;
    }

    /** The owner's word, or, if it is done with it, what it said last of it. */
    static void state(ObjectNode message, @Nullable JsonNode place, @Nullable String lastEvent) {
        if (place == null) {
            message.put("state", "unknown");
            message.put("why", "no pod answered that owns its partition");
            return;
        }
        place.properties().forEach(field -> message.set(field.getKey(), field.getValue()));
        if (place.path("state").asText().equals("done")) {
            if (lastEvent == null) {
                message.put("why", "its owner is done with it, longer ago than pods remember");
            } else {
                message.put("state", lastEvent);
            }
        }
    }

    private static void put(ObjectNode body, String name, @Nullable String text) {
        if (text != null) {
            body.put(name, text);
        }
    }
}
