package dev.rmb.reliability.cluster;

/**
 * Of what a cluster consists.
 *
 * @param brokers 1, or 3 that hold everything thrice
 * @param routerSettings YAML below {@code router:}, one line a setting, each indented by two spaces
 * @param gatewaySettings the same below {@code gateway:}
 * @param heapMebibytes of a router or gateway
 * @param hasProxies whether the links to each router go through a proxy
 */
public record Shape(
        int brokers,
        int routers,
        int gateways,
        String routerSettings,
        String gatewaySettings,
        int heapMebibytes,
        boolean hasProxies) {
    private static final int HEAP_MEBIBYTES = 256;

    /** One broker, two routers, two gateways. */
    public static Shape usual() {
        return new Shape(1, 2, 2, "", "", HEAP_MEBIBYTES, false);
    }

    /** The same with so many brokers. */
    public Shape withBrokers(int count) {
        return new Shape(
                count,
                routers,
                gateways,
                routerSettings,
                gatewaySettings,
                heapMebibytes,
                hasProxies);
    }

    /** The same with so many routers. */
    public Shape withRouters(int count) {
        return new Shape(
                brokers,
                count,
                gateways,
                routerSettings,
                gatewaySettings,
                heapMebibytes,
                hasProxies);
    }

    /** The same with one more setting of the routers. */
    public Shape withRouterSetting(String line) {
        return new Shape(
                brokers,
                routers,
                gateways,
                routerSettings + "  " + line + "\n",
                gatewaySettings,
                heapMebibytes,
                hasProxies);
    }

    /** The same with one more setting of the gateways. */
    public Shape withGatewaySetting(String line) {
        return new Shape(
                brokers,
                routers,
                gateways,
                routerSettings,
                gatewaySettings + "  " + line + "\n",
                heapMebibytes,
                hasProxies);
    }

    /** The same with so much memory for each router and gateway. */
    public Shape withHeap(int mebibytes) {
        return new Shape(
                brokers, routers, gateways, routerSettings, gatewaySettings, mebibytes, hasProxies);
    }

    /** The same with a proxy before each router. */
    public Shape withProxies() {
        return new Shape(
                brokers, routers, gateways, routerSettings, gatewaySettings, heapMebibytes, true);
    }
}
