package dev.rmb.server.bans;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rmb.cluster.bans.Ban;
import dev.rmb.cluster.bans.BanTarget;
import dev.rmb.server.admin.JsonFields;
import dev.rmb.server.admin.ProblemException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A ban in a request: {@code {"twin":7}} or {@code {"remote":"10.0.0.0/8"}}, with {@code "reason"}
 * and {@code "expires"} (RFC 3339) if there are any.
 */
final class BanBody {
    private static final Set<String> FIELDS = Set.of("twin", "remote", "reason", "expires");

    private final JsonFields fields;

    private BanBody(JsonFields fields) {
        this.fields = fields;
    }

    /**
     * @throws ProblemException (400) if it is no object, or has other fields
     */
    static BanBody of(@Nullable JsonNode body) {
        return new BanBody(JsonFields.of(body, FIELDS));
    }

    static ObjectNode write(Ban ban) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("id", ban.target().toString());
        switch (ban.target()) {
            case BanTarget.OfTwin twin -> body.put("twin", twin.id());
            case BanTarget.OfRemote remote -> body.put("remote", remote.range().toString());
        }
        body.put("since", ban.since().toString());
        if (ban.reason() != null) {
            body.put("reason", ban.reason());
        }
        if (ban.expires() != null) {
            body.put("expires", ban.expires().toString());
        }
        return body;
    }

    /** Whom it names; {@code null}: nobody. */
    @Nullable BanTarget target() {
        JsonNode twin = fields.value("twin");
        String remote = fields.text("remote");
        if (twin != null && remote != null) {
            throw ProblemException.badRequest("a ban has a twin or a remote, not both");
        }
        if (twin != null) {
            if (!twin.isIntegralNumber() || !twin.canConvertToLong()) {
                throw ProblemException.badRequest("twin must be a whole number");
            }
            return parsed(BanTarget.TWIN + twin.longValue());
        }
        return remote == null ? null : parsed(BanTarget.REMOTE + remote);
    }

    Ban ban(BanTarget target, Instant since) {
        Instant expires = expires();
        if (expires != null && !expires.isAfter(since)) {
            throw ProblemException.badRequest("expires is over already");
        }
        try {
            return new Ban(target, fields.text("reason"), since, expires);
        } catch (IllegalArgumentException e) {
            throw ProblemException.badRequest(String.valueOf(e.getMessage()));
        }
    }

    /**
     * @throws ProblemException (400) if that is no id of a ban
     */
    static BanTarget parsed(String id) {
        try {
            return BanTarget.parse(id);
        } catch (IllegalArgumentException e) {
            throw ProblemException.badRequest(String.valueOf(e.getMessage()));
        }
    }

    private @Nullable Instant expires() {
        String text = fields.text("expires");
        if (text == null) {
            return null;
        }
        try {
            Instant expires = Instant.parse(text);
            // As the topic has it: not each time that can be written down can be counted.
            var _ = expires.toEpochMilli();
            return expires;
        } catch (DateTimeParseException | ArithmeticException e) {
            throw ProblemException.badRequest(
                    "expires must be a time such as 2030-01-31T12:00:00Z");
        }
    }
}
