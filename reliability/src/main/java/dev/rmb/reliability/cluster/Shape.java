package dev.rmb.reliability.cluster;

/**
 * Of what a cluster consists.
 *
 * @param brokers 1, or 3 that hold everything thrice
 * @param routerSettings YAML below {@code router:}, one line a setting, each indented by two spaces
 * @param heapMebibytes of a router or gateway
 * @param hasProxies whether the links to each router go through a proxy
 * @param diskMebibytes of the first router's own small disk; 0: it has none
 * @param offers whether gateways offer envelopes beside the log
 */
public record Shape(
        int brokers,
        int routers,
        int gateways,
        String routerSettings,
        int heapMebibytes,
        boolean hasProxies,
        int diskMebibytes,
        boolean offers) {
    private static final int HEAP_MEBIBYTES = 256;

    /** One broker, two routers, two gateways. */
    public static Shape usual() {
        return new Shape(1, 2, 2, "", HEAP_MEBIBYTES, false, 0, false);
    }

    /** The same with so many brokers. */
    public Shape withBrokers(int count) {
        return new Shape(
                count,
                routers,
                gateways,
                routerSettings,
                heapMebibytes,
                hasProxies,
                diskMebibytes,
                offers);
    }

    /** The same with one more setting of the routers. */
    public Shape withRouterSetting(String line) {
        return new Shape(
                brokers,
                routers,
                gateways,
                routerSettings + "  " + line + "\n",
                heapMebibytes,
                hasProxies,
                diskMebibytes,
                offers);
    }

    /** The same with so much memory for each router and gateway. */
    public Shape withHeap(int mebibytes) {
        return new Shape(
                brokers,
                routers,
                gateways,
                routerSettings,
                mebibytes,
                hasProxies,
                diskMebibytes,
                offers);
    }

    /** The same with a proxy before each router. */
    public Shape withProxies() {
        return new Shape(
                brokers,
                routers,
                gateways,
                routerSettings,
                heapMebibytes,
                true,
                diskMebibytes,
                offers);
    }

    /** The same with a small disk for the first router's state. */
    public Shape withSmallDisk(int mebibytes) {
        return new Shape(
                brokers,
                routers,
                gateways,
                routerSettings,
                heapMebibytes,
                hasProxies,
                mebibytes,
                offers);
    }

    /** The same, with delivery beside the log or without. */
    public Shape withOffers(boolean whether) {
        return new Shape(
                brokers,
                routers,
                gateways,
                routerSettings,
                heapMebibytes,
                hasProxies,
                diskMebibytes,
                whether);
    }
}
