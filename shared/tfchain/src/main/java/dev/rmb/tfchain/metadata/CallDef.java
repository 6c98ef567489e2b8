package dev.rmb.tfchain.metadata;

import java.util.List;

/**
 * A call that the chain takes.
 *
 * @param pallet the byte that names the pallet
 * @param index the byte that names the call in it
 * @param arguments in order
 */
public record CallDef(int pallet, int index, List<TypeDef.Field> arguments) {}
