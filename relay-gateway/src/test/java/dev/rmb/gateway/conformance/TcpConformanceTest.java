package dev.rmb.gateway.conformance;

final class TcpConformanceTest extends ConformanceTest {
    TcpConformanceTest() {
        super(new TcpDialect());
    }
}
