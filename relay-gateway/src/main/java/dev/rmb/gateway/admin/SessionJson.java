package dev.rmb.gateway.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rmb.gateway.session.SessionKey;
import dev.rmb.gateway.session.SessionView;
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

    ObjectNode write(SessionView session) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("id", Long.toHexString(session.id()));
        body.put("pod", pod);
        body.put("address", session.address().toString());
        body.put("twin", session.address().twin());
        if (session.address().connection() != null) {
            body.put("connection", session.address().connection());
        }
        body.put("since", Instant.ofEpochMilli(session.since()).toString());
        body.put("transport", session.transport());
        body.put("remote", session.remote().getHostAddress());
        traffic(body.putObject("received"), session.received());
        traffic(body.putObject("delivered"), session.delivered());
        body.put("unconfirmed", session.unconfirmed());
        body.put("queuedBytes", session.queuedBytes());
        body.put("inFlightBytes", session.inFlightBytes());
        body.put("reading", session.isRead());
        Instant now = clock.instant();
        body.put("lastHeard", now.minusMillis(session.silentMs()).toString());
        if (session.confirmedMs() >= 0) {
            body.put("lastPong", now.minusMillis(session.confirmedMs()).toString());
        }
        return body;
    }

    /** Sorts as {@link SessionKey} does. */
    static String cursor(JsonNode session) {
        StringBuilder place = new StringBuilder(TWIN_DIGITS + ID_DIGITS);
        padded(place, Long.toHexString(session.path("twin").asLong()), TWIN_DIGITS);
        padded(place, session.path("id").asText(), ID_DIGITS);
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

    private static void traffic(ObjectNode body, SessionView.Traffic traffic) {
        body.put("messages", traffic.messages());
        body.put("bytes", traffic.bytes());
    }
}
