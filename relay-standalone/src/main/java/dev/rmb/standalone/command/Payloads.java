package dev.rmb.standalone.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Payloads for people and for programs. */
final class Payloads {
    private Payloads() {}

    /** The payload as text, or its size if it is none that a terminal should be given. */
    static String shown(byte[] payload) {
        String text = text(payload);
        return text == null || text.chars().anyMatch(Character::isISOControl)
                ? "(" + payload.length + " bytes)"
                : text;
    }

    /** As {@code payload} if it is text, else as {@code payloadBase64}. */
    static void put(ObjectNode object, byte[] payload) {
        String text = text(payload);
        if (text != null) {
            object.put("payload", text);
        } else {
            object.put("payloadBase64", Base64.getEncoder().encodeToString(payload));
        }
    }

    private static @Nullable String text(byte[] payload) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(payload)).toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }
}
