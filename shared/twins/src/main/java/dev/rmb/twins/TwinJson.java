package dev.rmb.twins;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HexFormat;

/** A twin as a JSON object: {@code {"id":7,"account":"0x…","relay":"…","pk":"0x…"}}. */
public final class TwinJson {
    private static final String HEX = "0x";

    private TwinJson() {}

    /** The last two are left out where they are not set. */
    public static ObjectNode write(Twin twin) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        object.put("id", twin.id());
        object.put("account", twin.account().toString());
        String relay = twin.relay();
        if (relay != null) {
            object.put("relay", relay);
        }
        byte[] pk = twin.pk();
        if (pk != null) {
            object.put("pk", HEX + HexFormat.of().formatHex(pk));
        }
        return object;
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @throws IllegalArgumentException that says what is wrong
     */
    public static Twin read(String line) {
        return TwinLines.parse(line);
    }
}
