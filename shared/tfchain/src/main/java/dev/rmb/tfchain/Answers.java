package dev.rmb.tfchain;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rmb.tfchain.scale.ScaleException;
import java.util.HexFormat;

/** Reads what nodes answer. Every method throws {@link ScaleException} for something else. */
final class Answers {
    private static final String HEX = "0x";
    private static final int HASH_LENGTH = 66;

    /** Blocks are numbered by u32. */
    private static final long MAX_NUMBER = 0xFFFF_FFFFL;

    private Answers() {}

    static String hex(byte[] bytes) {
        return HEX + HexFormat.of().formatHex(bytes);
    }

    static byte[] bytes(JsonNode answer) {
        String text = answer.asText("");
        if (!text.startsWith(HEX)) {
            throw new ScaleException("the node's answer is no hex");
        }
        try {
            return HexFormat.of().parseHex(text.substring(HEX.length()));
        } catch (IllegalArgumentException e) {
            throw new ScaleException("the node's answer is no hex: " + e.getMessage());
        }
    }

    static String hash(JsonNode answer) {
        String text = answer.asText("");
        if (text.length() != HASH_LENGTH || !text.startsWith(HEX)) {
            throw new ScaleException("the node's answer is no hash");
        }
        return text;
    }

    /** The number of a block's header. */
    static long number(JsonNode header) {
        String text = header.path("number").asText("");
        try {
            if (text.startsWith(HEX)) {
                long number = Long.parseUnsignedLong(text.substring(HEX.length()), 16);
                if (number >= 0 && number <= MAX_NUMBER) {
                    return number;
                }
            }
        } catch (NumberFormatException e) {
            throw new ScaleException("the node's block has no number: " + e.getMessage());
        }
        throw new ScaleException("the node's block has no number");
    }
}
