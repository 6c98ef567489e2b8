package dev.rmb.broker;

import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A process of its own with a broker, to be killed once it has said that it is ready. */
final class CrashingWriter {
    static final String NOTE = "written by a process that died";
    static final String READY = "ready";

    /** It ends by itself should whoever started it be gone. */
    private static final long LIFE_SECONDS = 60;

    private CrashingWriter() {}

    public static void main(String[] args) throws Exception {
        try (var broker = EmbeddedBroker.start(Path.of(args[0]), BrokerSettings.onFreePort())) {
            Notes.create(broker.bootstrapServers());
            Notes.write(broker.bootstrapServers(), NOTE);
            System.out.println(READY);
            if (!new CountDownLatch(1).await(LIFE_SECONDS, TimeUnit.SECONDS)) {
                System.err.println("nobody killed this process");
            }
        }
    }
}
