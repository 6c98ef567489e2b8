package dev.rmb.tfchain.metadata;

import dev.rmb.tfchain.scale.ScaleException;
import dev.rmb.tfchain.scale.ScaleReader;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads values by their type. Bounded: in depth, and in the number of values, all together. */
final class ValueReader {
    static final int MAX_DEPTH = 64;

    /** A runtime's largest block has some ten thousand events; a list of nothings has no end. */
    private static final int MAX_VALUES = 1 << 20;

    private final TypeRegistry types;
    private final ScaleReader reader;
    private int left = MAX_VALUES;

    ValueReader(TypeRegistry types, ScaleReader reader) {
        this.types = types;
        this.reader = reader;
    }

    Value decode(int type) {
        return decode(type, 0);
    }

    private Value decode(int type, int depth) {
        step(depth);
        TypeDef definition = types.definition(type);
        if (definition instanceof TypeDef.Composite composite) {
            Value.Struct struct = fields(composite.fields(), depth);
            return composite.fields().size() == 1 && composite.fields().get(0).name() == null
                    ? struct.values().get(0)
                    : struct;
        }
        if (definition instanceof TypeDef.Variant variant) {
            TypeDef.Case one = caseOf(variant, type);
            return new Value.Case(one.name(), one.index(), fields(one.fields(), depth));
        }
        if (definition instanceof TypeDef.Sequence sequence) {
            return items(reader.compactU32(), sequence.item(), depth);
        }
        if (definition instanceof TypeDef.Array array) {
            return items(array.length(), array.item(), depth);
        }
        if (definition instanceof TypeDef.Tuple tuple) {
            List<@Nullable String> names = new ArrayList<>();
            List<Value> values = new ArrayList<>();
            for (int item : tuple.items()) {
                names.add(null);
                values.add(decode(item, depth + 1));
            }
            return new Value.Struct(names, values);
        }
        if (definition instanceof TypeDef.Compact compact) {
            return compact(compact.type());
        }
        if (definition instanceof TypeDef.BitSequence bits) {
            return new Value.Binary(reader.bytes(bitBytes(bits)));
        }
        return simple(((TypeDef.Simple) definition).primitive());
    }

    private Value.Struct fields(List<TypeDef.Field> fields, int depth) {
        List<@Nullable String> names = new ArrayList<>(fields.size());
        List<Value> values = new ArrayList<>(fields.size());
        for (TypeDef.Field field : fields) {
            names.add(field.name());
            values.add(decode(field.type(), depth + 1));
        }
        return new Value.Struct(names, values);
    }

    private Value items(long count, int item, int depth) {
        if (types.isPlainByte(item)) {
            return new Value.Binary(reader.bytes(atMostRemaining(count)));
        }
        List<Value> items = new ArrayList<>();
        for (long i = 0; i < count; i++) {
            items.add(decode(item, depth + 1));
        }
        return new Value.Items(items);
    }

    private int atMostRemaining(long count) {
        if (count > reader.remaining()) {
            throw new ScaleException(
                    "cut off: " + count + " bytes expected, " + reader.remaining() + " there");
        }
        return (int) count;
    }

    private Value compact(int type) {
        BigInteger value = types.isEmpty(type) ? BigInteger.ZERO : reader.compact();
        if (types.unwrapped(type) instanceof TypeDef.Simple simple
                && value.bitLength() > simple.primitive().size() * Byte.SIZE) {
            throw new ScaleException("a compact integer beyond " + simple.primitive());
        }
        return new Value.Numeric(value);
    }

    private Value simple(TypeDef.Primitive primitive) {
        return switch (primitive) {
            case BOOL -> new Value.Truth(reader.bool());
            case STR -> new Value.Text(reader.text());
            default -> new Value.Numeric(reader.integer(primitive.size(), primitive.isSigned()));
        };
    }

    private int bitBytes(TypeDef.BitSequence bits) {
        long count = reader.compactU32();
        TypeDef store = types.unwrapped(bits.store());
        int unit =
                store instanceof TypeDef.Simple simple && simple.primitive().size() > 0
                        ? simple.primitive().size()
                        : 1;
        long unitBits = (long) unit * Byte.SIZE;
        return atMostRemaining((count + unitBits - 1) / unitBits * unit);
    }

    private TypeDef.Case caseOf(TypeDef.Variant variant, int type) {
        int index = reader.u8();
        TypeDef.Case one = variant.cases().get(index);
        if (one == null) {
            throw new ScaleException("type " + name(type) + " has no case " + index);
        }
        return one;
    }

    private String name(int type) {
        List<String> path = types.type(type).path();
        return path.isEmpty() ? String.valueOf(type) : String.join("::", path);
    }

    void skip(int type) {
        skip(type, 0);
    }

    private void skip(int type, int depth) {
        step(depth);
        TypeDef definition = types.definition(type);
        if (definition instanceof TypeDef.Composite composite) {
            composite.fields().forEach(field -> skip(field.type(), depth + 1));
        } else if (definition instanceof TypeDef.Variant variant) {
            caseOf(variant, type).fields().forEach(field -> skip(field.type(), depth + 1));
        } else if (definition instanceof TypeDef.Sequence sequence) {
            skipItems(reader.compactU32(), sequence.item(), depth);
        } else if (definition instanceof TypeDef.Array array) {
            skipItems(array.length(), array.item(), depth);
        } else if (definition instanceof TypeDef.Tuple tuple) {
            tuple.items().forEach(item -> skip(item, depth + 1));
        } else if (definition instanceof TypeDef.Compact compact) {
            var unused = compact(compact.type());
        } else if (definition instanceof TypeDef.BitSequence bits) {
            reader.skip(bitBytes(bits));
        } else {
            TypeDef.Primitive primitive = ((TypeDef.Simple) definition).primitive();
            reader.skip(primitive == TypeDef.Primitive.STR ? reader.count(1) : primitive.size());
        }
    }

    private void skipItems(long count, int item, int depth) {
        if (types.definition(item) instanceof TypeDef.Simple simple
                && simple.primitive().size() > 0) {
            long size = simple.primitive().size();
            reader.skip(count * size);
            return;
        }
        for (long i = 0; i < count; i++) {
            skip(item, depth + 1);
        }
    }

    private void step(int depth) {
        if (depth > MAX_DEPTH) {
            throw new ScaleException("values more than " + MAX_DEPTH + " deep");
        }
        if (--left < 0) {
            throw new ScaleException("more than " + MAX_VALUES + " values");
        }
    }
}
