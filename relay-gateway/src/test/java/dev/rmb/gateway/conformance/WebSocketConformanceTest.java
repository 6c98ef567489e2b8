package dev.rmb.gateway.conformance;

final class WebSocketConformanceTest extends ConformanceTest {
    WebSocketConformanceTest() {
        super(new WebSocketDialect());
    }
}
