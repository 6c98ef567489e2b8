package dev.rmb.tfchain.metadata;

import dev.rmb.tfchain.scale.ScaleException;
import dev.rmb.tfchain.scale.ScaleReader;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/** Reads the events of a block: a list of records of a phase, an event, and its topics. */
final class EventReader {
    private static final long NONE = -1;

    private final TypeRegistry types;
    private final ScaleReader reader;
    private final List<TypeDef.Field> parts;

    /** One for all of them: what bounds a value bounds a block. */
    private final ValueReader decoder;

    EventReader(Metadata metadata, byte[] events) {
        this.types = metadata.types();
        this.reader = new ScaleReader(events);
        this.decoder = new ValueReader(types, reader);
        if (!(types.definition(metadata.eventsStorage().value())
                        instanceof TypeDef.Sequence sequence)
                || !(types.definition(sequence.item()) instanceof TypeDef.Composite record)) {
            throw new MetadataException("the chain's events are no list of records");
        }
        this.parts = record.fields();
    }

    List<ChainEvent> read(BiPredicate<String, String> wanted) {
        List<ChainEvent> found = new ArrayList<>();
        int count = reader.count(1);
        for (int i = 0; i < count; i++) {
            ChainEvent event = record(wanted);
            if (event != null) {
                found.add(event);
            }
        }
        reader.expectEnd();
        return found;
    }

    private @Nullable ChainEvent record(BiPredicate<String, String> wanted) {
        long extrinsic = NONE;
        ChainEvent found = null;
        for (TypeDef.Field part : parts) {
            String name = String.valueOf(part.name());
            switch (name) {
                case "phase" -> extrinsic = extrinsic(part.type());
                case "event" -> found = event(part.type(), extrinsic, wanted);
                default -> decoder.skip(part.type());
            }
        }
        return found;
    }

    private long extrinsic(int type) {
        Value.Case phase = decoder.decode(type).asCase();
        return phase.name().equals("ApplyExtrinsic") ? phase.fields().field(0).asLong() : NONE;
    }

    private @Nullable ChainEvent event(
            int type, long extrinsic, BiPredicate<String, String> wanted) {
        TypeDef.Case pallet = caseOf(type);
        if (pallet.fields().size() != 1) {
            throw new ScaleException("events of " + pallet.name() + " are not one field");
        }
        int inner = pallet.fields().get(0).type();
        TypeDef.Case event = caseOf(inner);
        if (!wanted.test(pallet.name(), event.name())) {
            event.fields().forEach(field -> decoder.skip(field.type()));
            return null;
        }
        List<@Nullable String> names = new ArrayList<>();
        List<Value> values = new ArrayList<>();
        for (TypeDef.Field field : event.fields()) {
            names.add(field.name());
            values.add(decoder.decode(field.type()));
        }
        return new ChainEvent(
                extrinsic, pallet.name(), event.name(), new Value.Struct(names, values));
    }

    private TypeDef.Case caseOf(int type) {
        if (!(types.definition(type) instanceof TypeDef.Variant variant)) {
            throw new MetadataException("the chain's events are not one of several");
        }
        int index = reader.u8();
        TypeDef.Case one = variant.cases().get(index);
        if (one == null) {
            throw new ScaleException("no event has the index " + index);
        }
        return one;
    }
}
