package dev.rmb.gateway.conformance;

/** One more transport is one more jar: nothing in the gateway knows of this one. */
final class LinesConformanceTest extends ConformanceTest {
    LinesConformanceTest() {
        super(new LinesDialect());
    }
}
