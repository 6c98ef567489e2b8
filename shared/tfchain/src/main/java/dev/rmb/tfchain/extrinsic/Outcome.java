package dev.rmb.tfchain.extrinsic;

import dev.rmb.tfchain.metadata.ChainEvent;
import dev.rmb.tfchain.metadata.Metadata;
import dev.rmb.tfchain.metadata.Value;
import dev.rmb.tfchain.scale.ScaleException;
import java.util.List;

/** What became of a transaction. */
public sealed interface Outcome {
    /**
     * It is in a block and did what it should.
     *
     * @param block its hash
     * @param events of the transaction
     */
    record Done(String block, List<ChainEvent> events) implements Outcome {}

    /**
     * It is in a block and did nothing but cost its fee.
     *
     * @param block its hash
     * @param reason such as {@code TfgridModule.TwinExists}
     */
    record Failed(String block, String reason) implements Outcome {}

    /**
     * It never came into a block.
     *
     * @param reason of the node
     */
    record Refused(String reason) implements Outcome {}

    /**
     * Judges a transaction by its block's events.
     *
     * @param events all of the transaction's
     * @throws ScaleException if they tell neither of success nor of failure
     */
    static Outcome of(Metadata metadata, String block, List<ChainEvent> events) {
        boolean succeeded = false;
        for (ChainEvent event : events) {
            if (event.is("System", "ExtrinsicFailed")) {
                return new Failed(block, reason(metadata, event.fields().field(0)));
            }
            succeeded |= event.is("System", "ExtrinsicSuccess");
        }
        if (!succeeded) {
            throw new ScaleException("its block does not tell what became of the transaction");
        }
        return new Done(block, events);
    }

    /** Reads what the chain calls a dispatch error. */
    static String reason(Metadata metadata, Value error) {
        Value.Case one = error.asCase();
        if (one.name().equals("Module")) {
            Value.Struct module =
                    one.fields().values().size() == 1
                            ? one.fields().field(0).asStruct()
                            : one.fields();
            Value number = module.field("error");
            int code =
                    number instanceof Value.Binary bytes && bytes.value().length > 0
                            ? bytes.value()[0] & 0xFF
                            : (int) number.asLong();
            return metadata.errorName((int) module.field("index").asLong(), code);
        }
        if (one.fields().values().size() == 1
                && one.fields().field(0) instanceof Value.Case inner) {
            return one.name() + "." + inner.name();
        }
        return one.name();
    }
}
