package dev.rmb.router.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rmb.protocol.Address;
import dev.rmb.protocol.envelope.EnvelopeHeader;
import dev.rmb.router.mailbox.MailView;
import java.time.Instant;
import java.util.Base64;
import java.util.Locale;

/** Mailboxes and what lies in them, in answers. */
final class MailboxJson {
    private static final int RANK_DIGITS = 16;

    private MailboxJson() {}

    static ObjectNode write(String pod, int partition, MailView.Filled mailbox) {
        ObjectNode body = empty(pod, partition, mailbox.address());
        body.put("messages", mailbox.depth().messages());
        body.put("bytes", mailbox.depth().bytes());
        body.put("oldest", Instant.ofEpochMilli(mailbox.oldestMs()).toString());
        return body;
    }

    static ObjectNode empty(String pod, int partition, Address address) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("id", MailboxId.of(address));
        body.put("twin", address.twin());
        if (address.connection() != null) {
            body.put("connection", address.connection());
        }
        body.put("pod", pod);
        body.put("partition", partition);
        body.put("messages", 0);
        body.put("bytes", 0);
        return body;
    }

    /** Where a mailbox lies among all, in the order of reading. */
    static String place(JsonNode mailbox) {
        JsonNode connection = mailbox.path("connection");
        return MailView.place(
                new Address(
                        mailbox.path("twin").asLong(),
                        connection.isTextual() ? connection.textValue() : null));
    }

    /** The deepest first. */
    static String byDepth(JsonNode mailbox) {
        return "%016x.%s"
                .formatted(Long.MAX_VALUE - mailbox.path("messages").asLong(), place(mailbox));
    }

    /** The one with the oldest message first. */
    static String byAge(JsonNode mailbox) {
        return "%016x.%s"
                .formatted(
                        Instant.parse(mailbox.path("oldest").asText()).toEpochMilli(),
                        place(mailbox));
    }

    /**
     * @throws IllegalArgumentException if that is nothing that {@link #byDepth} or {@link #byAge}
     *     could have given
     */
    static String checkedRank(String rank) {
        int end = rank.indexOf('.');
        if (end != RANK_DIGITS || !rank.substring(0, end).matches("[0-9a-f]+")) {
            throw new IllegalArgumentException("not a rank");
        }
        var _ = MailView.checked(rank.substring(end + 1));
        return rank;
    }

    /** What a relay reads of a message: nothing of its payload. */
    static ObjectNode header(MailView.Stored stored) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        EnvelopeHeader header = EnvelopeHeader.scan(stored.message().envelope());
        body.put("place", stored.offset());
        body.put("uid", header.uid());
        if (header.tags() != null) {
            body.put("tags", header.tags());
        }
        body.put("kind", header.kind().name().toLowerCase(Locale.ROOT));
        Address source = header.source();
        if (source != null) {
            body.put("source", source.toString());
        }
        body.put("accepted", Instant.ofEpochMilli(stored.message().appendTimeMs()).toString());
        body.put("expires", Instant.ofEpochMilli(stored.message().deadlineMs()).toString());
        body.put("bytes", stored.message().envelope().length);
        return body;
    }

    /** A line of an export. */
    static ObjectNode whole(MailView.Stored stored) {
        return header(stored)
                .put("envelope", Base64.getEncoder().encodeToString(stored.message().envelope()));
    }
}
