package dev.rmb.tfchain.metadata;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a type is made of. Other types are named by their number in the {@link TypeRegistry}. */
public sealed interface TypeDef {
    /**
     * Several values one behind the other.
     *
     * @param fields in order
     */
    record Composite(List<Field> fields) implements TypeDef {}

    /**
     * One of several cases.
     *
     * @param cases by the byte that names them
     */
    record Variant(Map<Integer, Case> cases) implements TypeDef {
        /** The case of this name; {@code null} if there is none. */
        public @Nullable Case named(String name) {
            return cases.values().stream()
                    .filter(one -> one.name().equals(name))
                    .findFirst()
                    .orElse(null);
        }
    }

    /** Any number of values of one type. */
    record Sequence(int item) implements TypeDef {}

    /** A fixed number of values of one type. */
    record Array(long length, int item) implements TypeDef {}

    /** Several values without names. */
    record Tuple(List<Integer> items) implements TypeDef {}

    record Simple(Primitive primitive) implements TypeDef {}

    /** An unsigned integer in compact form. */
    record Compact(int type) implements TypeDef {}

    /** Bits, packed into the integers of a type. */
    record BitSequence(int store, int order) implements TypeDef {}

    /**
     * A part of a composite or a case.
     *
     * @param name {@code null} where fields go by their place
     */
    record Field(@Nullable String name, int type) {}

    /**
     * A case of a variant.
     *
     * @param docs its documentation, line by line
     */
    record Case(String name, int index, List<Field> fields, List<String> docs) {}

    /** In the order of the metadata's numbers. */
    enum Primitive {
        BOOL(1, false),
        CHAR(4, false),
        STR(0, false),
        U8(1, false),
        U16(2, false),
        U32(4, false),
        U64(8, false),
        U128(16, false),
        U256(32, false),
        I8(1, true),
        I16(2, true),
        I32(4, true),
        I64(8, true),
        I128(16, true),
        I256(32, true);

        private final int size;
        private final boolean signed;

        Primitive(int size, boolean signed) {
            this.size = size;
            this.signed = signed;
        }

        /** In bytes; 0 for a text, whose size differs. */
        int size() {
            return size;
        }

        boolean isSigned() {
            return signed;
        }
    }
}
