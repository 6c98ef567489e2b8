package dev.rmb.router.admin;

import dev.rmb.protocol.Address;
import dev.rmb.router.mailbox.MailView;
import dev.rmb.router.stream.OpenPartitions;
import dev.rmb.server.admin.BrokenOffException;
import dev.rmb.server.admin.ProblemException;
import dev.rmb.server.peers.Caller;
import dev.rmb.server.peers.PeerAnswers;
import dev.rmb.server.peers.Peers;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** A whole mailbox, written as it is read: no more than a share of it is ever in memory. */
final class MailExport {
    static final String LINES = "application/x-ndjson";
    static final String ENVELOPES = "application/vnd.rmb.envelopes";

    private static final int SHARE = 256;
    private static final long SHARE_BYTES = 1 << 20;
    private static final int BUFFER = 1 << 14;
    private static final int OK = 200;

    /** Bytes of a refusal that are read. */
    private static final int MAX_REASON = 1 << 16;

    private MailExport() {}

    /** How messages are written. */
    enum Format {
        JSONL(LINES),
        RAW(ENVELOPES);

        private final String type;

        Format(String type) {
            this.type = type;
        }

        MediaType type() {
            return MediaType.valueOf(type);
        }
    }

    static Format format(String text) {
        return switch (text) {
            case "jsonl" -> Format.JSONL;
            case "raw" -> Format.RAW;
            default -> throw ProblemException.badRequest("format is jsonl or raw");
        };
    }

    /** Within {@link OpenPartitions#read}. */
    static List<MailView.Stored> first(MailView mail, Address address) {
        return share(mail, address, 0);
    }

    /**
     * Breaks off if the partition moves away meanwhile.
     *
     * @param first what is written first
     */
    static StreamingOutput of(
            MailView mail, Address address, List<MailView.Stored> first, Format format) {
        return stream -> {
            DataOutputStream out = new DataOutputStream(stream);
            List<MailView.Stored> share = first;
            while (!share.isEmpty()) {
                for (MailView.Stored message : share) {
                    write(message, format, out);
                }
                out.flush();
                long next = share.getLast().offset() + 1;
                share =
                        OpenPartitions.read(() -> share(mail, address, next))
                                .orElseThrow(() ->
                                        new BrokenOffException(
                                                "the partition is moving to another pod"));
            }
        };
    }

    private static List<MailView.Stored> share(MailView mail, Address address, long from) {
        return mail.messages(address, from, SHARE, SHARE_BYTES);
    }

    /** What another pod exports, passed on as it comes. */
    static Response from(Peers peers, Caller caller, String pod, String path, Format format) {
        try {
            Optional<HttpResponse<InputStream>> answer = peers.stream(caller, pod, path);
            if (answer.isPresent() && answer.get().statusCode() == OK) {
                InputStream body = answer.get().body();
                return Response.ok((StreamingOutput) out -> pass(pod, body, out), format.type())
                        .build();
            }
            if (answer.isPresent()) {
                throw refused(pod, answer.get());
            }
        } catch (IOException e) {
            throw unavailable(pod);
        }
        throw unavailable(pod);
    }

    /** Its own reason: that it takes the caller for somebody else, say. */
    private static ProblemException refused(String pod, HttpResponse<InputStream> answer)
            throws IOException {
        try (InputStream body = answer.body()) {
            return PeerAnswers.refusal(pod, answer.statusCode(), body.readNBytes(MAX_REASON));
        }
    }

    /** Gives up to so many messages, a share at a time. */
    static void forEach(
            MailView mail,
            Address address,
            long from,
            int atMost,
            Consumer<MailView.Stored> visitor) {
        long next = from;
        int left = atMost;
        while (left > 0) {
            List<MailView.Stored> share =
                    mail.messages(address, next, Math.min(left, SHARE), SHARE_BYTES);
            if (share.isEmpty()) {
                return;
            }
            share.forEach(visitor);
            left -= share.size();
            next = share.getLast().offset() + 1;
        }
    }

    private static void pass(String pod, InputStream from, OutputStream to) throws IOException {
        try (from) {
            byte[] buffer = new byte[BUFFER];
            int length;
            while ((length = read(pod, from, buffer)) >= 0) {
                to.write(buffer, 0, length);
            }
        }
    }

    /** Who gets the rest must not take it for all. */
    private static int read(String pod, InputStream from, byte[] buffer) throws IOException {
        try {
            return from.read(buffer);
        } catch (IOException e) {
            throw new BrokenOffException(pod + " broke off: " + e.getMessage());
        }
    }

    private static void write(MailView.Stored message, Format format, DataOutputStream out)
            throws IOException {
        switch (format) {
            case JSONL -> {
                out.write(MailboxJson.whole(message).toString().getBytes(StandardCharsets.UTF_8));
                out.write('\n');
            }
            case RAW -> {
                byte[] envelope = message.message().envelope();
                out.writeInt(envelope.length);
                out.write(envelope);
            }
        }
    }

    private static ProblemException unavailable(String pod) {
        return ProblemException.of(
                Response.Status.SERVICE_UNAVAILABLE,
                pod + " has the mailbox and does not give it out at the moment; try again");
    }
}
