package dev.rmb.tfchain.extrinsic;

import dev.rmb.protocol.identity.AccountId;
import dev.rmb.protocol.identity.Signer;
import dev.rmb.tfchain.hash.Hashes;
import dev.rmb.tfchain.metadata.Metadata;
import dev.rmb.tfchain.metadata.MetadataException;
import dev.rmb.tfchain.metadata.SignedExtension;
import dev.rmb.tfchain.metadata.TypeDef;
import dev.rmb.tfchain.metadata.TypeRegistry;
import dev.rmb.tfchain.scale.ScaleWriter;
import java.util.Arrays;

/**
 * How a runtime wants its transactions: version 4, with what its metadata says they carry.
 * Immutable.
 */
public final class ExtrinsicFormat {
    private static final int VERSION = 4;
    private static final int SIGNED = 0x80;

    /** What is longer is signed by its hash. */
    private static final int MAX_SIGNED_BYTES = 256;

    private static final int SIGNATURE_BYTES = 64;

    private final Metadata metadata;

    /** In front of the account: the case of an address that is an account id. */
    private final byte[] addressPrefix;

    private final TypeDef signature;

    /**
     * @throws MetadataException if the runtime wants them in a form that is not known here
     */
    public ExtrinsicFormat(Metadata metadata) {
        this.metadata = metadata;
        if (metadata.extrinsicVersion() != VERSION) {
            throw new MetadataException(
                    "the chain wants extrinsics of version " + metadata.extrinsicVersion());
        }
        this.addressPrefix = addressPrefix(metadata.extrinsicParameter("Address"));
        this.signature = metadata.types().definition(metadata.extrinsicParameter("Signature"));
        for (SignedExtension extension : metadata.signedExtensions()) {
            checkKnown(extension);
        }
    }

    private byte[] addressPrefix(int type) {
        TypeRegistry types = metadata.types();
        if (types.isByteArray(type, AccountId.LENGTH)) {
            return new byte[0];
        }
        if (types.definition(type) instanceof TypeDef.Variant variant) {
            TypeDef.Case id = variant.named("Id");
            if (id != null
                    && id.fields().size() == 1
                    && types.isByteArray(id.fields().get(0).type(), AccountId.LENGTH)) {
                return new byte[] {(byte) id.index()};
            }
        }
        throw new MetadataException("the chain's addresses are no account ids");
    }

    private void checkKnown(SignedExtension extension) {
        switch (extension.name()) {
            case "CheckSpecVersion",
                    "CheckTxVersion",
                    "CheckGenesis",
                    "CheckMortality",
                    "CheckEra",
                    "CheckNonce",
                    "ChargeTransactionPayment",
                    "ChargeAssetTxPayment",
                    "CheckMetadataHash" -> {}
            default -> {
                if (!metadata.types().isEmpty(extension.sent())
                        || !metadata.types().isEmpty(extension.signed())) {
                    throw new MetadataException(
                            "the chain's transactions carry "
                                    + extension.name()
                                    + ", which is not known here");
                }
            }
        }
    }

    /**
     * Signs a call and makes the transaction, as it is submitted.
     *
     * @param call its pallet, its number, its arguments
     */
    public byte[] signed(Signer signer, byte[] call, Signing signing) {
        var sent = new ScaleWriter();
        var onlySigned = new ScaleWriter();
        for (SignedExtension extension : metadata.signedExtensions()) {
            write(extension.name(), signing, sent, onlySigned);
        }
        byte[] extra = sent.toByteArray();
        byte[] payload =
                new ScaleWriter()
                        .bytes(call)
                        .bytes(extra)
                        .bytes(onlySigned.toByteArray())
                        .toByteArray();
        byte[] typed =
                signer.sign(
                        payload.length > MAX_SIGNED_BYTES ? Hashes.blake2b256(payload) : payload);
        byte[] body =
                new ScaleWriter()
                        .u8(SIGNED | VERSION)
                        .bytes(addressPrefix)
                        .bytes(signer.account().bytes())
                        .u8(signatureCase(signer))
                        .bytes(Arrays.copyOfRange(typed, 1, typed.length))
                        .bytes(extra)
                        .bytes(call)
                        .toByteArray();
        return new ScaleWriter().byteList(body).toByteArray();
    }

    private static void write(
            String name, Signing signing, ScaleWriter sent, ScaleWriter onlySigned) {
        switch (name) {
            case "CheckSpecVersion" -> onlySigned.u32(signing.specVersion());
            case "CheckTxVersion" -> onlySigned.u32(signing.transactionVersion());
            case "CheckGenesis" -> onlySigned.bytes(signing.genesis());
            case "CheckMortality", "CheckEra" -> {
                sent.bytes(signing.era().encode());
                onlySigned.bytes(signing.checkpoint());
            }
            case "CheckNonce" -> sent.compact(signing.nonce());
            case "ChargeTransactionPayment" -> sent.compact(signing.tip());
            case "ChargeAssetTxPayment" -> sent.compact(signing.tip()).u8(0);
            case "CheckMetadataHash" -> {
                sent.u8(0);
                onlySigned.u8(0);
            }
            default -> {
                // Nothing: it was checked that this one carries nothing.
            }
        }
    }

    private int signatureCase(Signer signer) {
        String name =
                switch (signer.keyType()) {
                    case ED25519 -> "Ed25519";
                    case SR25519 -> "Sr25519";
                };
        if (signature instanceof TypeDef.Variant variant) {
            TypeDef.Case one = variant.named(name);
            if (one != null
                    && one.fields().size() == 1
                    && metadata.types().isByteArray(one.fields().get(0).type(), SIGNATURE_BYTES)) {
                return one.index();
            }
        }
        throw new MetadataException("the chain takes no signatures by " + name);
    }
}
