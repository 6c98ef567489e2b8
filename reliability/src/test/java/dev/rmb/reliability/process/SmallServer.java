package dev.rmb.reliability.process;

import java.util.concurrent.CountDownLatch;

/** Says that it is ready and stays, or ends with the exit code in its argument. */
final class SmallServer {
    private SmallServer() {}

    public static void main(String[] arguments) throws InterruptedException {
        if (arguments.length > 0) {
            System.err.println("something is wrong");
            Runtime.getRuntime().halt(Integer.parseInt(arguments[0]));
        }
        System.out.println("ready ws=ws://127.0.0.1:1 admin=http://127.0.0.1:2");
        new CountDownLatch(1).await();
    }
}
