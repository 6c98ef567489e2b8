package dev.rmb.tfchain.extrinsic;

import dev.rmb.tfchain.scale.ScaleWriter;

/** How long a transaction may be included. */
public sealed interface Era {
    /** As it is sent. */
    byte[] encode();

    /** For ever, as long as its account exists: once that is gone and made anew, it may repeat. */
    record Immortal() implements Era {
        @Override
        public byte[] encode() {
            return new byte[] {0};
        }
    }

    /**
     * In the blocks of a period only.
     *
     * @param period in blocks: a power of two from 4 to 65,536
     * @param phase of the block it begins with in the period
     */
    record Mortal(long period, long phase) implements Era {
        private static final long MAX_PERIOD = 1 << 16;

        /** Longer periods tell their phase in steps, so that it fits 12 bits. */
        private static final int PHASE_BITS = 12;

        public Mortal {
            if (period < 4
                    || period > MAX_PERIOD
                    || Long.bitCount(period) != 1
                    || phase < 0
                    || phase >= period
                    || phase % step(period) != 0) {
                throw new IllegalArgumentException("no era: " + phase + " of " + period);
            }
        }

        private static long step(long period) {
            return Math.max(1, period >> PHASE_BITS);
        }

        /**
         * The era of a transaction that is signed at a block.
         *
         * @param period in blocks, a power of two from 4 to 65,536
         */
        public static Mortal from(long period, long block) {
            long phase = block % period;
            return new Mortal(period, phase / step(period) * step(period));
        }

        /**
         * The block whose hash is signed with the transaction: the first one of the era.
         *
         * @param block one within the era
         */
        public long birth(long block) {
            return (Math.max(block, phase) - phase) / period * period + phase;
        }

        @Override
        public byte[] encode() {
            long low = Math.min(15, Math.max(1, Long.numberOfTrailingZeros(period) - 1));
            long high = phase / step(period);
            return new ScaleWriter().u16((int) (high << 4 | low)).toByteArray();
        }
    }
}
