package dev.rmb.gateway.http;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Lists of nodes that a request has passed, the last one first. Pure. */
final class ForwardedFor {
    private ForwardedFor() {}

    /**
     * @param lines of the header, in their order
     * @param atMost so many nodes are of interest
     */
    static List<String> xForwardedFor(List<String> lines, int atMost) {
        List<String> nodes = new ArrayList<>();
        for (int i = lines.size() - 1; i >= 0; i--) {
            String line = lines.get(i);
            int end = line.length();
            while (end >= 0 && nodes.size() < atMost) {
                int comma = line.lastIndexOf(',', end - 1);
                nodes.add(line.substring(comma + 1, end).trim());
                end = comma;
            }
        }
        return nodes;
    }

    /**
     * Likewise of {@code Forwarded} (RFC 7239, 4); a node that is not named is an empty text.
     *
     * @return {@code null} if a line is not what it should be: where its elements end is not known
     *     then
     */
    static @Nullable List<String> forwarded(List<String> lines, int atMost) {
        Deque<String> nodes = new ArrayDeque<>();
        for (String line : lines) {
            if (!new Elements(line).read(nodes)) {
                return null;
            }
        }
        return nodes.stream().limit(atMost).toList();
    }

    /** Reads one line from its beginning. */
    private static final class Elements {
        private static final String FOR = "for";

        private final String line;
        private int at;

        Elements(String line) {
            this.line = line;
        }

        /** Puts the node of each element in front of those before. */
        boolean read(Deque<String> nodes) {
            String node = "";
            while (true) {
                skipSpace();
                String name = token();
                if (!name.isEmpty()) {
                    skipSpace();
                    if (!take('=')) {
                        return false;
                    }
                    skipSpace();
                    String value = value();
                    if (value == null) {
                        return false;
                    }
                    if (name.toLowerCase(Locale.ROOT).equals(FOR)) {
                        node = value;
                    }
                }
                skipSpace();
                if (at == line.length()) {
                    nodes.addFirst(node);
                    return true;
                }
                if (take(',')) {
                    nodes.addFirst(node);
                    node = "";
                } else if (!take(';')) {
                    return false;
                }
            }
        }

        private @Nullable String value() {
            if (!take('"')) {
                // Unquoted colons and brackets are not allowed, and are seen all the same.
                int from = at;
                while (at < line.length() && ",;\"\\ \t".indexOf(line.charAt(at)) < 0) {
                    at++;
                }
                return line.substring(from, at);
            }
            var text = new StringBuilder();
            while (at < line.length()) {
                char c = line.charAt(at++);
                if (c == '"') {
                    return text.toString();
                }
                if (c == '\\') {
                    if (at == line.length()) {
                        return null;
                    }
                    c = line.charAt(at++);
                }
                text.append(c);
            }
            return null;
        }

        private String token() {
            int from = at;
            while (at < line.length() && isToken(line.charAt(at))) {
                at++;
            }
            return line.substring(from, at);
        }

        private static boolean isToken(char c) {
            return (c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= '0' && c <= '9')
                    || "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
        }

        private boolean take(char c) {
            boolean there = at < line.length() && line.charAt(at) == c;
            if (there) {
                at++;
            }
            return there;
        }

        private void skipSpace() {
            while (at < line.length() && (line.charAt(at) == ' ' || line.charAt(at) == '\t')) {
                at++;
            }
        }
    }
}
