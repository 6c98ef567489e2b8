package dev.rmb.tfchain.metadata;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A part of the chain's runtime.
 *
 * @param index the byte that names it in calls, events and errors
 * @param storagePrefix by which its storage is found; {@code null} if it has none
 * @param storage by name
 * @param calls its type; {@code null} if it has none
 * @param events its type; {@code null} if it has none
 * @param errors its type; {@code null} if it has none
 */
record Pallet(
        String name,
        int index,
        @Nullable String storagePrefix,
        Map<String, StorageItem> storage,
        @Nullable Integer calls,
        @Nullable Integer events,
        @Nullable Integer errors) {}
