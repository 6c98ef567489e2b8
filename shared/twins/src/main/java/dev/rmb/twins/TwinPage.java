package dev.rmb.twins;

import java.util.List;
import java.util.OptionalLong;

/**
 * A part of a long list of twins.
 *
 * @param twins by id
 * @param next where the next part begins, to be given as the cursor; empty if this is the last
 */
public record TwinPage(List<Twin> twins, OptionalLong next) {
    public TwinPage {
        twins = List.copyOf(twins);
    }
}
