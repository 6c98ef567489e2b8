package dev.rmb.gateway.admin;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.JsonSerializable;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.jsontype.TypeSerializer;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.POJONode;
import dev.rmb.gateway.session.SessionKey;
import dev.rmb.gateway.session.SessionView;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;

/**
 * A session in answers.
 *
 * @param pod whose sessions these are
 */
record SessionJson(String pod, Clock clock) {
    private static final int TWIN_DIGITS = 8;
    private static final int ID_DIGITS = 16;
    private static final int HEX = 16;

    /**
     * Written only when the answer is: a tree of thousands of sessions would cost more than their
     * text.
     */
    JsonNode write(SessionView session) {
        return JsonNodeFactory.instance.pojoNode(new Text(pod, session, clock.instant()));
    }

    /**
     * Sorts as {@link SessionKey} does; of this pod's own sessions and of those that others gave.
     */
    static String cursor(JsonNode session) {
        return session instanceof POJONode own && own.getPojo() instanceof Text text
                ? cursor(text.session().address().twin(), Long.toHexString(text.session().id()))
                : cursor(session.path("twin").asLong(), session.path("id").asText());
    }

    private static String cursor(long twin, String id) {
        StringBuilder place = new StringBuilder(TWIN_DIGITS + ID_DIGITS);
        padded(place, Long.toHexString(twin), TWIN_DIGITS);
        padded(place, id, ID_DIGITS);
        return place.toString();
    }

    private static void padded(StringBuilder place, String digits, int length) {
        place.repeat('0', length - digits.length()).append(digits);
    }

    static SessionKey place(String cursor) {
        if (cursor.length() != TWIN_DIGITS + ID_DIGITS) {
            throw new IllegalArgumentException("not a place among sessions");
        }
        return new SessionKey(
                Long.parseUnsignedLong(cursor.substring(0, TWIN_DIGITS), HEX),
                Long.parseUnsignedLong(cursor.substring(TWIN_DIGITS), HEX));
    }

    private record Text(String pod, SessionView session, Instant now) implements JsonSerializable {
        @Override
        public void serialize(JsonGenerator json, SerializerProvider serializers)
                throws IOException {
            json.writeStartObject();
            json.writeStringField("id", Long.toHexString(session.id()));
            json.writeStringField("pod", pod);
            json.writeStringField("address", session.address().toString());
            json.writeNumberField("twin", session.address().twin());
            if (session.address().connection() != null) {
                json.writeStringField("connection", session.address().connection());
            }
            json.writeStringField("since", Instant.ofEpochMilli(session.since()).toString());
            json.writeStringField("transport", session.transport());
            json.writeStringField("remote", session.remote().getHostAddress());
            traffic(json, "received", session.received());
            traffic(json, "delivered", session.delivered());
            json.writeNumberField("unconfirmed", session.unconfirmed());
            json.writeNumberField("queuedBytes", session.queuedBytes());
            json.writeNumberField("inFlightBytes", session.inFlightBytes());
            json.writeBooleanField("reading", session.isRead());
            json.writeStringField("lastHeard", now.minusMillis(session.silentMs()).toString());
            if (session.confirmedMs() >= 0) {
                json.writeStringField(
                        "lastPong", now.minusMillis(session.confirmedMs()).toString());
            }
            json.writeEndObject();
        }

        private static void traffic(JsonGenerator json, String name, SessionView.Traffic traffic)
                throws IOException {
            json.writeObjectFieldStart(name);
            json.writeNumberField("messages", traffic.messages());
            json.writeNumberField("bytes", traffic.bytes());
            json.writeEndObject();
        }

        @Override
        public void serializeWithType(
                JsonGenerator json, SerializerProvider serializers, TypeSerializer types)
                throws IOException {
            serialize(json, serializers);
        }
    }
}
