package dev.rmb.tfchain.metadata;

import dev.rmb.tfchain.scale.ScaleException;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A decoded value of any type. A composite of one field without a name is that field: such are mere
 * wrappers. Lists and arrays of bytes are {@link Binary}. The {@code as…} methods throw {@link
 * ScaleException} where the value is something else.
 */
public sealed interface Value {
    record Numeric(BigInteger value) implements Value {}

    record Truth(boolean value) implements Value {}

    record Text(String value) implements Value {}

    /** Bytes, shared and not to be changed. */
    @SuppressWarnings("ArrayRecordComponent") // compared by content
    record Binary(byte[] value) implements Value {
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Binary that && Arrays.equals(value, that.value);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(value);
        }

        @Override
        public String toString() {
            return "0x" + HexFormat.of().formatHex(value);
        }
    }

    record Items(List<Value> values) implements Value {}

    /**
     * Fields in order.
     *
     * @param names {@code null} for those without
     */
    record Struct(List<@Nullable String> names, List<Value> values) implements Value {
        /** The field of this name. */
        public Value field(String name) {
            int at = names.indexOf(name);
            if (at < 0) {
                throw new ScaleException("there is no field " + name + " among " + names);
            }
            return values.get(at);
        }

        /** The field at this place. */
        public Value field(int at) {
            if (at >= values.size()) {
                throw new ScaleException("there is no field " + at + " of " + values.size());
            }
            return values.get(at);
        }
    }

    record Case(String name, int index, Struct fields) implements Value {}

    default long asLong() {
        if (this instanceof Numeric number && number.value().bitLength() < Long.SIZE) {
            return number.value().longValue();
        }
        throw unexpected("a number");
    }

    default byte[] asBytes() {
        if (this instanceof Binary binary) {
            return binary.value();
        }
        // An empty list tells nothing of its items.
        if (this instanceof Items items && items.values().isEmpty()) {
            return new byte[0];
        }
        throw unexpected("bytes");
    }

    default Struct asStruct() {
        if (this instanceof Struct struct) {
            return struct;
        }
        throw unexpected("fields");
    }

    default Case asCase() {
        if (this instanceof Case one) {
            return one;
        }
        throw unexpected("one of several cases");
    }

    /** The value of an option. */
    default Optional<Value> asOption() {
        Case option = asCase();
        return switch (option.name()) {
            case "None" -> Optional.empty();
            case "Some" -> Optional.of(option.fields().field(0));
            default -> throw unexpected("an option");
        };
    }

    private ScaleException unexpected(String expected) {
        return new ScaleException(
                expected
                        + " expected, not a "
                        + getClass().getSimpleName().toLowerCase(Locale.ROOT));
    }
}
