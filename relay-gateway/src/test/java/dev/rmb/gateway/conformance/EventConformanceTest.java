package dev.rmb.gateway.conformance;

final class EventConformanceTest extends ConformanceTest {
    EventConformanceTest() {
        super(new HttpDialect(true));
    }
}
