package dev.rmb.protocol.envelope;

/** The tokens of an envelope's tags: separated by commas or white space, case-sensitive. */
final class TagTokens {
    private TagTokens() {}

    /** Whether one of the tokens in valid UTF-8 is {@code token}, which is ASCII. */
    static boolean contains(WireReader bytes, int from, int end, String token) {
        int matched = 0; // characters of the token that the current one has begun with, or -1
        for (int at = from; at < end; at = Utf8.next(bytes, at, end)) {
            int codePoint = Utf8.codePoint(bytes, at);
            if (isSeparator(codePoint)) {
                if (matched == token.length()) {
                    return true;
                }
                matched = 0;
            } else if (matched >= 0) {
                boolean matches = matched < token.length() && token.charAt(matched) == codePoint;
                matched = matches ? matched + 1 : -1;
            }
        }
        return matched == token.length();
    }

    /** A comma, or Unicode's White_Space, which is what other implementations split at. */
    private static boolean isSeparator(int codePoint) {
        return switch (codePoint) {
            case ',', ' ', '\t', '\n', 0x0B, '\f', '\r', 0x85 -> true;
            default -> codePoint > 0x7F && Character.isSpaceChar(codePoint);
        };
    }
}
