package dev.rmb.tfchain.twin;

import dev.rmb.protocol.identity.AccountId;
import dev.rmb.tfchain.metadata.CallDef;
import dev.rmb.tfchain.metadata.ChainEvent;
import dev.rmb.tfchain.metadata.Metadata;
import dev.rmb.tfchain.metadata.MetadataException;
import dev.rmb.tfchain.metadata.StorageItem;
import dev.rmb.tfchain.metadata.TypeDef;
import dev.rmb.tfchain.metadata.TypeDef.Primitive;
import dev.rmb.tfchain.metadata.TypeRegistry;
import dev.rmb.tfchain.metadata.Value;
import dev.rmb.tfchain.scale.ScaleException;
import dev.rmb.tfchain.scale.ScaleReader;
import dev.rmb.tfchain.scale.ScaleWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where and how a runtime keeps its twins. Names are known beforehand (docs/specification.md, 11);
 * everything else is taken from the metadata, and what does not fit is refused when this is made.
 * Immutable.
 */
public final class TwinLayout {
    /** By which twins go on the chain. */
    public static final String PALLET = "TfgridModule";

    private static final String STORED = "TwinStored";
    private static final String UPDATED = "TwinUpdated";
    private static final String DELETED = "TwinDeleted";
    private static final Set<String> EVENTS = Set.of(STORED, UPDATED, DELETED);
    private static final long MAX_ID = 0xFFFF_FFFFL;

    private final Metadata metadata;
    private final StorageItem twins;
    private final StorageItem idsByAccount;
    private final CallDef create;
    private final CallDef update;

    /**
     * @throws MetadataException if the runtime has no twins, or of another form
     */
    public TwinLayout(Metadata metadata) {
        this.metadata = metadata;
        this.twins = metadata.storage(PALLET, "Twins");
        this.idsByAccount = metadata.storage(PALLET, "TwinIdByAccountID");
        this.create = metadata.call(PALLET, "create_twin");
        this.update = metadata.call(PALLET, "update_twin");
        TypeRegistry types = metadata.types();
        checkMap(twins, types.isPrimitive(twins.key(), Primitive.U32));
        checkTwin(twins.value());
        checkMap(
                idsByAccount,
                types.isByteArray(idsByAccount.key(), AccountId.LENGTH)
                        && types.isPrimitive(idsByAccount.value(), Primitive.U32));
        checkCall("create_twin", create);
        checkCall("update_twin", update);
        checkEvent(STORED);
        checkEvent(UPDATED);
    }

    private static void checkMap(StorageItem item, boolean typesFit) {
        if (item.hashers().size() != 1 || !typesFit) {
            throw changed(item.name());
        }
    }

    private void checkTwin(int type) {
        TypeRegistry types = metadata.types();
        if (!types.isPrimitive(field(type, "id"), Primitive.U32)
                || !types.isByteArray(field(type, "account_id"), AccountId.LENGTH)
                || !types.isOptionalByteList(field(type, "relay"))
                || !types.isOptionalByteList(field(type, "pk"))) {
            throw changed("Twins");
        }
    }

    private int field(int type, String name) {
        if (metadata.types().definition(type) instanceof TypeDef.Composite composite) {
            for (TypeDef.Field field : composite.fields()) {
                if (name.equals(field.name())) {
                    return field.type();
                }
            }
        }
        throw new MetadataException("the chain's twins have no field " + name);
    }

    private void checkCall(String name, CallDef call) {
        List<TypeDef.Field> arguments = call.arguments();
        if (arguments.size() != 2
                || !"relay".equals(arguments.get(0).name())
                || !"pk".equals(arguments.get(1).name())
                || !arguments.stream()
                        .allMatch(one -> metadata.types().isOptionalByteList(one.type()))) {
            throw changed(name);
        }
    }

    private void checkEvent(String name) {
        List<TypeDef.Field> fields = metadata.event(PALLET, name).fields();
        if (fields.size() != 1 || fields.get(0).type() != twins.value()) {
            throw changed(name);
        }
    }

    private static MetadataException changed(String name) {
        return new MetadataException("the chain has " + PALLET + "." + name + " in another form");
    }

    /** Where a twin is. */
    public byte[] twinKey(long id) {
        return twins.at(new ScaleWriter().u32(id).toByteArray());
    }

    /** Where an account's twin is told. */
    public byte[] idKey(AccountId account) {
        return idsByAccount.at(account.bytes());
    }

    /** Where a block's events are. */
    public byte[] eventsKey() {
        return metadata.eventsStorage().at();
    }

    /**
     * @throws ScaleException if these bytes are no twin
     */
    public ChainTwin twin(byte[] stored) {
        var reader = new ScaleReader(stored);
        Value value = metadata.types().decode(twins.value(), reader);
        reader.expectEnd();
        return twin(value);
    }

    private static ChainTwin twin(Value value) {
        Value.Struct fields = value.asStruct();
        long id = fields.field("id").asLong();
        if (id < 1 || id > MAX_ID) {
            throw new ScaleException("a twin with the id " + id);
        }
        byte[] relay = fields.field("relay").asOption().map(Value::asBytes).orElse(null);
        return new ChainTwin(
                id,
                AccountId.of(fields.field("account_id").asBytes()),
                relay == null ? null : new String(relay, StandardCharsets.UTF_8),
                fields.field("pk").asOption().map(Value::asBytes).orElse(null));
    }

    /**
     * The id that is stored for an account; 0 stands for none.
     *
     * @throws ScaleException if these bytes are none
     */
    public long id(byte[] stored) {
        var reader = new ScaleReader(stored);
        long id = metadata.types().decode(idsByAccount.value(), reader).asLong();
        reader.expectEnd();
        return id;
    }

    /**
     * What a block did to twins, in order.
     *
     * @param events what is stored at {@link #eventsKey} for the block
     * @throws ScaleException if these bytes are no events of this runtime
     */
    public List<TwinEvent> events(byte[] events) {
        return metadata
                .events(events, (pallet, name) -> pallet.equals(PALLET) && EVENTS.contains(name))
                .stream()
                .map(TwinLayout::event)
                .toList();
    }

    /** The twin that an event tells of; {@code null} if it is another event. */
    public static @Nullable TwinEvent eventOrNull(ChainEvent event) {
        return event.pallet().equals(PALLET) && EVENTS.contains(event.name()) ? event(event) : null;
    }

    private static TwinEvent event(ChainEvent event) {
        Value field = event.fields().field(0);
        return event.name().equals(DELETED)
                ? new TwinEvent.Deleted(field.asLong())
                : new TwinEvent.Stored(twin(field));
    }

    /** The call that registers a twin for its signer. */
    public byte[] createCall(@Nullable String relay, byte @Nullable [] pk) {
        return call(create, relay, pk);
    }

    /** The call that sets relay and key of its signer's twin. */
    public byte[] updateCall(@Nullable String relay, byte @Nullable [] pk) {
        return call(update, relay, pk);
    }

    private static byte[] call(CallDef call, @Nullable String relay, byte @Nullable [] pk) {
        return new ScaleWriter()
                .u8(call.pallet())
                .u8(call.index())
                .optionalByteList(relay == null ? null : relay.getBytes(StandardCharsets.UTF_8))
                .optionalByteList(pk)
                .toByteArray();
    }
}
