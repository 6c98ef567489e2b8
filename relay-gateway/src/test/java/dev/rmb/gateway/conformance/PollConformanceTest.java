package dev.rmb.gateway.conformance;

final class PollConformanceTest extends ConformanceTest {
    PollConformanceTest() {
        super(new HttpDialect(false));
    }
}
