package dev.rmb.peer.route;

import com.google.protobuf.ByteString;
import dev.rmb.peer.message.PeerError;
import dev.rmb.proto.Envelope;
import dev.rmb.proto.Response;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;

/** {@code rmb.version}: which version of this program answers. */
public final class VersionModule implements Module {
    private static final long EXPIRATION = 300;

    private final Outbox outbox;
    private final ByteString version;
    private final InstantSource clock;

    /**
     * @param version letters, digits and what needs no escape in JSON
     */
    public VersionModule(Outbox outbox, String version, InstantSource clock) {
        this.outbox = outbox;
        this.version = ByteString.copyFrom('"' + version + '"', StandardCharsets.UTF_8);
        this.clock = clock;
    }

    @Override
    public String name() {
        return "rmb";
    }

    @Override
    public void request(Envelope request) throws InterruptedException {
        String command = request.getRequest().getCommand();
        if (!command.equals("rmb.version")) {
            outbox.refuse(
                    request, PeerError.invalidMessage("unknown built-in command"), EXPIRATION);
            return;
        }
        outbox.answer(
                Envelope.newBuilder()
                        .setUid(request.getUid())
                        .setTimestamp(clock.instant().getEpochSecond())
                        .setExpiration(EXPIRATION)
                        .setDestination(request.getSource())
                        .setSchema("application/json")
                        .setResponse(Response.getDefaultInstance())
                        .setPlain(version)
                        .build());
    }
}
