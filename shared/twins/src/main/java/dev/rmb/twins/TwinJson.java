package dev.rmb.twins;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.HexFormat;
import java.util.List;

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

    /**
     * Reads the twins of a file, one a line; blank lines are passed over.
     *
     * @return them by id
     * @throws IllegalArgumentException that names the line and says what is wrong with it: that its
     *     id or its account is in another one, too, for example
     */
    public static List<Twin> readLines(BufferedReader lines) throws IOException {
        TwinTable table = TwinLines.read(lines);
        return table.size() == 0 ? List.of() : table.list(0, table.size()).twins();
    }
}
