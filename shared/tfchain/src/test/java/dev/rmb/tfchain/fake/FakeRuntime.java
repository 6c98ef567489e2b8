package dev.rmb.tfchain.fake;

import dev.rmb.tfchain.metadata.Metadata;
import dev.rmb.tfchain.scale.ScaleException;
import dev.rmb.tfchain.scale.ScaleReader;
import dev.rmb.tfchain.scale.ScaleWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Objects;

/**
 * A program that the fake chain runs.
 *
 * @param bytes its metadata, as a node answers it
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record FakeRuntime(long spec, long transaction, byte[] bytes, Metadata metadata) {
    private static final int PALLET_INDEX = 25;
    private static final String PALLET = "TfgridModule";

    public static FakeRuntime original() {
        byte[] bytes = read();
        return new FakeRuntime(151, 2, bytes, Metadata.parse(bytes));
    }

    /** A later one, in which pallet, calls and events have other numbers. */
    public FakeRuntime moved() {
        byte[] moved = bytes.clone();
        movePallet(moved, 77);
        moveCase(moved, PALLET, PALLET_INDEX, 77);
        moveCase(moved, "TwinStored", 11, 111);
        moveCase(moved, "TwinUpdated", 12, 11);
        moveCase(moved, "create_twin", 17, 217);
        moveCase(moved, "update_twin", 18, 17);
        return new FakeRuntime(spec + 1, transaction, moved, Metadata.parse(moved));
    }

    /** The pallet's own index stands before the next pallet's name. */
    private static void movePallet(byte[] bytes, int to) {
        byte[] next = new ScaleWriter().text("SmartContractModule").toByteArray();
        boolean found = false;
        for (int at = 1; at + next.length < bytes.length; at++) {
            if (matches(bytes, at, next) && bytes[at - 1] == PALLET_INDEX) {
                bytes[at - 1] = (byte) to;
                found = true;
            }
        }
        require(found, PALLET);
    }

    /** A case's index stands behind its name and fields. */
    private static void moveCase(byte[] bytes, String name, int from, int to) {
        byte[] named = new ScaleWriter().text(name).toByteArray();
        boolean found = false;
        for (int at = 0; at + named.length < bytes.length; at++) {
            if (matches(bytes, at, named)) {
                int index = indexBehind(bytes, at + named.length);
                if (index >= 0 && (bytes[index] & 0xFF) == from) {
                    bytes[index] = (byte) to;
                    found = true;
                }
            }
        }
        require(found, name);
    }

    private static void require(boolean found, String name) {
        if (!found) {
            throw new IllegalStateException("the metadata has no " + name + " to be moved");
        }
    }

    private static boolean matches(byte[] bytes, int at, byte[] wanted) {
        return Arrays.equals(bytes, at, at + wanted.length, wanted, 0, wanted.length);
    }

    private static int indexBehind(byte[] bytes, int start) {
        var reader = new ScaleReader(bytes);
        reader.skip(start);
        try {
            int fields = reader.count(1);
            if (fields > 8) {
                return -1;
            }
            for (int i = 0; i < fields; i++) {
                var unusedName = reader.option(ScaleReader::text);
                var unusedType = reader.compactU32();
                var unusedTypeName = reader.option(ScaleReader::text);
                var unusedDocs = reader.list(ScaleReader::text);
            }
            return reader.position();
        } catch (ScaleException e) {
            return -1;
        }
    }

    /** The number of an error of the twins' pallet. */
    int error(String name) {
        for (int error = 0; error < 256; error++) {
            String known = metadata.errorName(metadata.palletIndex(PALLET), error);
            if (known.equals(PALLET + "." + name) || known.startsWith(PALLET + "." + name + " ")) {
                return error;
            }
        }
        throw new IllegalArgumentException("no error is called " + name);
    }

    private static byte[] read() {
        try (InputStream in =
                Objects.requireNonNull(
                        FakeRuntime.class.getResourceAsStream(
                                "/dev/rmb/tfchain/tfchain-metadata.scale"))) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
