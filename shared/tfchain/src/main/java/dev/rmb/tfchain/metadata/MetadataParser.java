package dev.rmb.tfchain.metadata;

import dev.rmb.tfchain.scale.ScaleException;
import dev.rmb.tfchain.scale.ScaleReader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads metadata of version 14: the types, then the pallets, then the form of transactions. */
final class MetadataParser {
    private static final byte[] MAGIC = {'m', 'e', 't', 'a'};
    private static final int VERSION = 14;

    /** Many times what a chain's has; in memory it takes a multiple of its bytes. */
    private static final int MAX_BYTES = 4 << 20;

    private final ScaleReader reader;

    private MetadataParser(ScaleReader reader) {
        this.reader = reader;
    }

    static Metadata parse(byte[] bytes) {
        if (bytes.length > MAX_BYTES) {
            throw new ScaleException("metadata of more than " + MAX_BYTES + " bytes");
        }
        var reader = new ScaleReader(bytes);
        if (!Arrays.equals(reader.bytes(MAGIC.length), MAGIC)) {
            throw new ScaleException("no metadata: it does not begin with 'meta'");
        }
        int version = reader.u8();
        if (version != VERSION) {
            throw new ScaleException(
                    "metadata of version " + version + "; only " + VERSION + " is understood");
        }
        return new MetadataParser(reader).metadata();
    }

    private Metadata metadata() {
        TypeRegistry types = types();
        List<Pallet> pallets = reader.list(r -> pallet());
        int extrinsic = typeId();
        int extrinsicVersion = reader.u8();
        List<SignedExtension> extensions =
                reader.list(r -> new SignedExtension(r.text(), typeId(), typeId()));
        // The type of the runtime itself, which tells nothing more.
        var unused = typeId();
        reader.expectEnd();
        return new Metadata(types, pallets, extrinsicVersion, extrinsic, extensions);
    }

    private int typeId() {
        long id = reader.compactU32();
        if (id > Integer.MAX_VALUE) {
            throw new ScaleException("no type has the number " + id);
        }
        return (int) id;
    }

    private TypeRegistry types() {
        List<TypeRegistry.Type> types = new ArrayList<>();
        int count = reader.count(1);
        for (int i = 0; i < count; i++) {
            int id = typeId();
            if (id != i) {
                throw new ScaleException("type " + id + " where " + i + " is expected");
            }
            types.add(type());
        }
        return new TypeRegistry(types);
    }

    private TypeRegistry.Type type() {
        List<String> path = reader.list(ScaleReader::text);
        Map<String, Integer> parameters = new HashMap<>();
        int count = reader.count(1);
        for (int i = 0; i < count; i++) {
            String name = reader.text();
            reader.option(r -> typeId()).ifPresent(type -> parameters.put(name, type));
        }
        TypeDef definition = definition();
        skipTexts();
        return new TypeRegistry.Type(path, Map.copyOf(parameters), definition);
    }

    private TypeDef definition() {
        int kind = reader.u8();
        return switch (kind) {
            case 0 -> new TypeDef.Composite(fields());
            case 1 -> variant();
            case 2 -> new TypeDef.Sequence(typeId());
            case 3 -> new TypeDef.Array(reader.u32(), typeId());
            case 4 -> new TypeDef.Tuple(reader.list(r -> typeId()));
            case 5 -> new TypeDef.Simple(primitive());
            case 6 -> new TypeDef.Compact(typeId());
            case 7 -> new TypeDef.BitSequence(typeId(), typeId());
            default -> throw new ScaleException("no kind of type has the number " + kind);
        };
    }

    private TypeDef.Primitive primitive() {
        int number = reader.u8();
        TypeDef.Primitive[] all = TypeDef.Primitive.values();
        if (number >= all.length) {
            throw new ScaleException("no simple type has the number " + number);
        }
        return all[number];
    }

    private TypeDef variant() {
        Map<Integer, TypeDef.Case> cases = new HashMap<>();
        int count = reader.count(1);
        for (int i = 0; i < count; i++) {
            String name = reader.text();
            List<TypeDef.Field> fields = fields();
            int index = reader.u8();
            List<String> docs = reader.list(ScaleReader::text);
            if (cases.put(index, new TypeDef.Case(name, index, fields, docs)) != null) {
                throw new ScaleException("two cases have the index " + index);
            }
        }
        return new TypeDef.Variant(Map.copyOf(cases));
    }

    private List<TypeDef.Field> fields() {
        return reader.list(r -> {
            Optional<String> name = r.option(ScaleReader::text);
            int type = typeId();
            var unusedTypeName = r.option(ScaleReader::text);
            skipTexts();
            return new TypeDef.Field(name.orElse(null), type);
        });
    }

    private Pallet pallet() {
        String name = reader.text();
        String prefix = null;
        Map<String, StorageItem> storage = new HashMap<>();
        if (reader.bool()) {
            prefix = reader.text();
            int count = reader.count(1);
            for (int i = 0; i < count; i++) {
                StorageItem item = storageItem(prefix);
                storage.put(item.name(), item);
            }
        }
        Integer calls = reader.option(r -> typeId()).orElse(null);
        Integer events = reader.option(r -> typeId()).orElse(null);
        skipConstants();
        Integer errors = reader.option(r -> typeId()).orElse(null);
        int index = reader.u8();
        return new Pallet(name, index, prefix, Map.copyOf(storage), calls, events, errors);
    }

    private StorageItem storageItem(String prefix) {
        String name = reader.text();
        reader.skip(1); // whether absence means a default
        List<Hasher> hashers = List.of();
        int key = 0;
        int kind = reader.u8();
        if (kind == 1) {
            hashers = reader.list(r -> Hasher.numbered(r.u8()));
            key = typeId();
        } else if (kind != 0) {
            throw new ScaleException("no kind of storage has the number " + kind);
        }
        int value = typeId();
        skipBytes(); // the default
        skipTexts();
        return new StorageItem(prefix, name, hashers, key, value);
    }

    private void skipConstants() {
        int count = reader.count(1);
        for (int i = 0; i < count; i++) {
            skipBytes();
            var unusedType = typeId();
            skipBytes();
            skipTexts();
        }
    }

    private void skipBytes() {
        reader.skip(reader.count(1));
    }

    private void skipTexts() {
        int count = reader.count(1);
        for (int i = 0; i < count; i++) {
            skipBytes();
        }
    }
}
