package dev.rmb.cluster.bans;

import dev.rmb.cluster.net.AddressRange;

/** Who is banned. Its text is its id: {@code twin:7}, {@code remote:10.0.0.0/8}. */
public sealed interface BanTarget {
    /** The twin, wherever it comes from. */
    record OfTwin(long id) implements BanTarget {
        private static final long MAX_TWIN = 0xFFFF_FFFFL;

        public OfTwin {
            if (id < 1 || id > MAX_TWIN) {
                throw new IllegalArgumentException("twin must be 1 to " + MAX_TWIN);
            }
        }

        @Override
        public String toString() {
            return TWIN + id;
        }
    }

    /** Whoever comes from there. */
    record OfRemote(AddressRange range) implements BanTarget {
        public OfRemote {
            if (range.length() == 0) {
                throw new IllegalArgumentException(range + " would ban everybody");
            }
        }

        @Override
        public String toString() {
            return REMOTE + range;
        }
    }

    String TWIN = "twin:";
    String REMOTE = "remote:";

    /**
     * Reads an id.
     *
     * @throws IllegalArgumentException that says what is wrong with it
     */
    static BanTarget parse(String text) {
        if (text.startsWith(TWIN)) {
            String digits = text.substring(TWIN.length());
            if (digits.matches("\\d{1,10}")) {
                return new OfTwin(Long.parseLong(digits));
            }
        } else if (text.startsWith(REMOTE)) {
            return new OfRemote(AddressRange.parse(text.substring(REMOTE.length())));
        }
        throw new IllegalArgumentException(
                "'" + text + "' is no ban: write twin:7, remote:10.0.0.1 or remote:10.0.0.0/8");
    }
}
