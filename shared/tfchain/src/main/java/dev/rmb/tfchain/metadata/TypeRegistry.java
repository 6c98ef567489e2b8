package dev.rmb.tfchain.metadata;

import dev.rmb.tfchain.scale.ScaleException;
import dev.rmb.tfchain.scale.ScaleReader;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;

/** The types of a chain by number. Immutable. */
public final class TypeRegistry {
    private final List<Type> types;

    TypeRegistry(List<Type> types) {
        this.types = List.copyOf(types);
    }

    /**
     * A type.
     *
     * @param path of its name, empty if it has none
     * @param parameters by name; those that are no types are left out
     */
    record Type(List<String> path, Map<String, Integer> parameters, TypeDef definition) {}

    /**
     * @throws ScaleException if there is no such type
     */
    public TypeDef definition(int type) {
        return type(type).definition();
    }

    Type type(int type) {
        if (type < 0 || type >= types.size()) {
            throw new ScaleException("the metadata has no type " + type);
        }
        return types.get(type);
    }

    int size() {
        return types.size();
    }

    /**
     * Reads a value of a type.
     *
     * @throws ScaleException if the bytes are none, or make an unreasonable number of values
     */
    public Value decode(int type, ScaleReader reader) {
        return new ValueReader(this, reader).decode(type);
    }

    /**
     * Reads over a value of a type, without a trace in memory.
     *
     * @throws ScaleException as {@link #decode} does
     */
    public void skip(int type, ScaleReader reader) {
        new ValueReader(this, reader).skip(type);
    }

    /** Follows composites of one field, and compact forms, to what is inside. */
    public TypeDef unwrapped(int type) {
        TypeDef definition = definition(type);
        // Types may refer to each other in a circle.
        for (int depth = 0; depth < ValueReader.MAX_DEPTH; depth++) {
            if (definition instanceof TypeDef.Composite composite
                    && composite.fields().size() == 1) {
                definition = definition(composite.fields().get(0).type());
            } else if (definition instanceof TypeDef.Compact compact) {
                definition = definition(compact.type());
            } else {
                return definition;
            }
        }
        throw new ScaleException("type " + type + " contains itself");
    }

    boolean isPlainByte(int type) {
        return definition(type) instanceof TypeDef.Simple simple
                && simple.primitive() == TypeDef.Primitive.U8;
    }

    /** Whether it is this integer, bare or wrapped. */
    public boolean isPrimitive(int type, TypeDef.Primitive primitive) {
        return unwrapped(type) instanceof TypeDef.Simple simple && simple.primitive() == primitive;
    }

    /** Whether it is an array of so many bytes, bare or wrapped. */
    public boolean isByteArray(int type, int length) {
        return unwrapped(type) instanceof TypeDef.Array array
                && array.length() == length
                && isPlainByte(array.item());
    }

    /** Whether it is a list of bytes, bare or wrapped. */
    public boolean isByteList(int type) {
        return unwrapped(type) instanceof TypeDef.Sequence sequence && isPlainByte(sequence.item());
    }

    /** Whether it is an option of a list of bytes. */
    public boolean isOptionalByteList(int type) {
        if (!(definition(type) instanceof TypeDef.Variant variant) || variant.cases().size() != 2) {
            return false;
        }
        TypeDef.Case none = variant.cases().get(0);
        TypeDef.Case some = variant.cases().get(1);
        return none != null
                && some != null
                && none.name().equals("None")
                && none.fields().isEmpty()
                && some.name().equals("Some")
                && some.fields().size() == 1
                && isByteList(some.fields().get(0).type());
    }

    /** Whether its values need no bytes at all. */
    public boolean isEmpty(int type) {
        return isEmpty(type, 0, new HashSet<>());
    }

    /**
     * @param found to be empty: each type is looked into once, however many are made of it
     */
    private boolean isEmpty(int type, int depth, Set<Integer> found) {
        if (depth > ValueReader.MAX_DEPTH) {
            throw new ScaleException("type " + type + " contains itself");
        }
        if (found.contains(type)) {
            return true;
        }
        boolean empty = hasNothing(definition(type), part -> isEmpty(part, depth + 1, found));
        if (empty) {
            found.add(type);
        }
        return empty;
    }

    private static boolean hasNothing(TypeDef definition, IntPredicate isEmpty) {
        if (definition instanceof TypeDef.Composite composite) {
            return composite.fields().stream().allMatch(field -> isEmpty.test(field.type()));
        }
        if (definition instanceof TypeDef.Tuple tuple) {
            return tuple.items().stream().allMatch(isEmpty::test);
        }
        return definition instanceof TypeDef.Array array
                && (array.length() == 0 || isEmpty.test(array.item()));
    }
}
