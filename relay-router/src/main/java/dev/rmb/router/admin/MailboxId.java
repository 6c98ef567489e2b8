package dev.rmb.router.admin;

import dev.rmb.protocol.Address;
import dev.rmb.server.admin.ProblemException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * An address as a path names its mailbox: {@code 7}, or {@code 7:laptop}. In the name, what is no
 * letter, digit, {@code .}, {@code _} or {@code -} of ASCII is written as {@code ~} and two
 * hexadecimal digits for each of its bytes in UTF-8: clients choose names, and paths take few
 * characters as they are.
 */
final class MailboxId {
    private static final char ESCAPE = '~';
    private static final HexFormat HEX = HexFormat.of();

    private MailboxId() {}

    static String of(Address address) {
        String connection = address.connection();
        if (connection == null) {
            return Long.toString(address.twin());
        }
        StringBuilder text = new StringBuilder().append(address.twin()).append(':');
        for (byte b : connection.getBytes(StandardCharsets.UTF_8)) {
            if (isPlain(b)) {
                text.append((char) b);
            } else {
                text.append(ESCAPE).append(HEX.toHexDigits(b));
            }
        }
        return text.toString();
    }

    /**
     * @throws ProblemException (400) if it names none
     */
    static Address parse(String text) {
        try {
            int colon = text.indexOf(':');
            return colon < 0
                    ? Address.parse(text)
                    : new Address(
                            Address.parse(text.substring(0, colon)).twin(),
                            name(text.substring(colon + 1)));
        } catch (IllegalArgumentException | CharacterCodingException e) {
            throw ProblemException.badRequest(
                    "a mailbox is named by its twin, and its connection if there is one: 7 or"
                            + " 7:laptop, with ~ and two hexadecimal digits for each other byte than"
                            + " letters, digits, . _ -");
        }
    }

    private static String name(String text) throws CharacterCodingException {
        var bytes = new ByteArrayOutputStream();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == ESCAPE) {
                if (i + 2 >= text.length()) {
                    throw new IllegalArgumentException("half an escape");
                }
                bytes.write(HexFormat.fromHexDigits(text, i + 1, i + 3));
                i += 2;
            } else if (c < 0x80 && isPlain((byte) c)) {
                bytes.write(c);
            } else {
                throw new IllegalArgumentException("not escaped");
            }
        }
        return StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(bytes.toByteArray()))
                .toString();
    }

    private static boolean isPlain(byte b) {
        return (b >= 'a' && b <= 'z')
                || (b >= 'A' && b <= 'Z')
                || (b >= '0' && b <= '9')
                || b == '.'
                || b == '_'
                || b == '-';
    }
}
