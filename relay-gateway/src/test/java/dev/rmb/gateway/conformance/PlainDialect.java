package dev.rmb.gateway.conformance;

/** A transport without HTTP: why a connection ends, the relay says in its own words. */
interface PlainDialect extends Dialect {
    @Override
    default boolean hasStatus() {
        return false;
    }

    @Override
    default String replaced() {
        return "replaced by a newer connection";
    }

    @Override
    default String notAnEnvelope() {
        return "not an envelope";
    }

    @Override
    default String tooBig() {
        return "message too big";
    }
}
