package dev.rmb.tfchain.metadata;

import dev.rmb.tfchain.scale.ScaleException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * A runtime's description of itself, version 14: what has which number and which type. It differs
 * between chains and between the runtimes of one. Immutable.
 */
public final class Metadata {
    private static final String SYSTEM = "System";

    private final TypeRegistry types;
    private final Map<String, Pallet> pallets = new HashMap<>();
    private final Map<Integer, Pallet> palletsByIndex = new HashMap<>();
    private final int extrinsicVersion;
    private final int extrinsicType;
    private final List<SignedExtension> signedExtensions;

    Metadata(
            TypeRegistry types,
            List<Pallet> pallets,
            int extrinsicVersion,
            int extrinsicType,
            List<SignedExtension> signedExtensions) {
        this.types = types;
        for (Pallet pallet : pallets) {
            if (this.pallets.put(pallet.name(), pallet) != null
                    || palletsByIndex.put(pallet.index(), pallet) != null) {
                throw new ScaleException("two pallets are " + pallet.name() + " or have its index");
            }
        }
        this.extrinsicVersion = extrinsicVersion;
        this.extrinsicType = extrinsicType;
        this.signedExtensions = List.copyOf(signedExtensions);
    }

    /**
     * Reads what a node calls metadata.
     *
     * @throws ScaleException if it is none, or of another version
     */
    public static Metadata parse(byte[] bytes) {
        return MetadataParser.parse(bytes);
    }

    public TypeRegistry types() {
        return types;
    }

    /** Of the format of transactions. */
    public int extrinsicVersion() {
        return extrinsicVersion;
    }

    /** What every transaction carries, in order. */
    public List<SignedExtension> signedExtensions() {
        return signedExtensions;
    }

    /**
     * A type that the form of transactions is made with, {@code Address} or {@code Signature}.
     *
     * @throws MetadataException if it is not told
     */
    public int extrinsicParameter(String name) {
        Integer type = types.type(extrinsicType).parameters().get(name);
        if (type == null) {
            throw new MetadataException("the chain does not tell the " + name + " of extrinsics");
        }
        return type;
    }

    /**
     * @throws MetadataException if there is none of that name
     */
    public StorageItem storage(String pallet, String item) {
        StorageItem found = pallet(pallet).storage().get(item);
        if (found == null) {
            throw missing("storage", pallet, item);
        }
        return found;
    }

    /**
     * @throws MetadataException if there is none of that name
     */
    public CallDef call(String pallet, String name) {
        Pallet in = pallet(pallet);
        TypeDef.Case found = named(in.calls(), name);
        if (found == null) {
            throw missing("call", pallet, name);
        }
        return new CallDef(in.index(), found.index(), found.fields());
    }

    /**
     * @throws MetadataException if there is none of that name
     */
    public TypeDef.Case event(String pallet, String name) {
        TypeDef.Case found = named(pallet(pallet).events(), name);
        if (found == null) {
            throw missing("event", pallet, name);
        }
        return found;
    }

    /** The byte that names a pallet. */
    public int palletIndex(String pallet) {
        return pallet(pallet).index();
    }

    private Pallet pallet(String name) {
        Pallet pallet = pallets.get(name);
        if (pallet == null) {
            throw new MetadataException("the chain has no pallet " + name);
        }
        return pallet;
    }

    private static MetadataException missing(String what, String pallet, String name) {
        return new MetadataException("the chain has no " + what + " " + pallet + "." + name);
    }

    private TypeDef.@Nullable Case named(@Nullable Integer type, String name) {
        return type != null && types.definition(type) instanceof TypeDef.Variant variant
                ? variant.named(name)
                : null;
    }

    /**
     * Names an error of a pallet: {@code TfgridModule.TwinExists}, with its documentation where
     * there is some.
     *
     * @param index of the pallet
     * @param error its number in the pallet
     */
    public String errorName(int index, int error) {
        Pallet pallet = palletsByIndex.get(index);
        if (pallet == null) {
            return "error " + error + " of pallet " + index;
        }
        Integer errors = pallet.errors();
        if (errors != null && types.definition(errors) instanceof TypeDef.Variant variant) {
            TypeDef.Case found = variant.cases().get(error);
            if (found != null) {
                String docs = String.join(" ", found.docs()).strip();
                String name = pallet.name() + "." + found.name();
                return docs.isEmpty() ? name : name + " (" + docs + ")";
            }
        }
        return "error " + error + " of " + pallet.name();
    }

    /** Where a block's events are. */
    public StorageItem eventsStorage() {
        return storage(SYSTEM, "Events");
    }

    /**
     * Finds events among those of a block.
     *
     * @param events what {@link #eventsStorage} holds
     * @param wanted tells by pallet and name; all others are read over
     * @throws ScaleException if these are no events of this runtime
     */
    public List<ChainEvent> events(byte[] events, BiPredicate<String, String> wanted) {
        return new EventReader(this, events).read(wanted);
    }
}
