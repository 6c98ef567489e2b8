package dev.rmb.server.twins;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rmb.protocol.identity.AccountId;
import dev.rmb.server.admin.JsonFields;
import dev.rmb.server.admin.ProblemException;
import dev.rmb.twins.Twin;
import java.util.HexFormat;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A twin in a request: {@code {"id":7,"account":"0x…","relay":"…","pk":"0x…"}}, whichever of them
 * there are.
 */
final class TwinBody {
    private static final Set<String> FIELDS = Set.of("id", "account", "relay", "pk");
    private static final String HEX = "0x";

    private final JsonFields fields;

    private TwinBody(JsonFields fields) {
        this.fields = fields;
    }

    /**
     * @throws ProblemException (400) if it is no object, or has other fields
     */
    static TwinBody of(@Nullable JsonNode body) {
        return new TwinBody(JsonFields.of(body, FIELDS));
    }

    boolean has(String field) {
        return fields.has(field);
    }

    /** {@code null} if absent. */
    @Nullable Long id() {
        JsonNode id = fields.value("id");
        if (id == null) {
            return null;
        }
        if (!id.isIntegralNumber()
                || !id.canConvertToLong()
                || id.longValue() < 1
                || id.longValue() > Twin.MAX_ID) {
            throw ProblemException.badRequest("id must be a whole number from 1 to " + Twin.MAX_ID);
        }
        return id.longValue();
    }

    AccountId account() {
        String text = fields.text("account");
        if (text == null) {
            throw ProblemException.badRequest("account is missing: 32 bytes in hex, or SS58");
        }
        try {
            return AccountId.parse(text);
        } catch (IllegalArgumentException e) {
            throw ProblemException.badRequest("account: " + e.getMessage());
        }
    }

    @Nullable String relay() {
        return fields.text("relay");
    }

    byte @Nullable [] pk() {
        String text = fields.text("pk");
        if (text == null) {
            return null;
        }
        try {
            return HexFormat.of()
                    .parseHex(text.startsWith(HEX) ? text.substring(HEX.length()) : text);
        } catch (IllegalArgumentException e) {
            throw ProblemException.badRequest("pk must be hex digits after 0x");
        }
    }
}
