package dev.rmb.router.mailbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rmb.protocol.Address;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class MailboxesTest {
    private static final byte[] HEADER = {1, 2, 3};

    private final TreeKeyValues entries = new TreeKeyValues();
    private final Mailboxes mailboxes = new Mailboxes(entries);

    @Test
    void aMailboxIsReadInTheOrderOfTheLog() {
        Mailbox mailbox = mailboxes.of(Address.parse("7:a"));
        long[] offsets = {300, 2, 1L << 40, 255, 256};
        for (long offset : offsets) {
            mailbox.put(offset, message((byte) 1));
        }

        assertThat(offsets(mailbox, 0)).containsExactly(2L, 255L, 256L, 300L, 1L << 40);
        assertThat(offsets(mailbox, 256)).containsExactly(256L, 300L, 1L << 40);
        assertThat(mailbox.depth()).isEqualTo(new Mailbox.Depth(5, 5));
    }

    @Test
    void mailboxesOfSimilarAddressesAreApart() {
        List<String> addresses =
                List.of("7", "7:", "7:a", "7:aa", "7:\0", "7:\0\0", "70", "1792", "4294967295:a");
        for (String address : addresses) {
            mailboxes.of(Address.parse(address)).put(1, message((byte) 1));
        }

        for (String address : addresses) {
            Mailbox mailbox = mailboxes.of(Address.parse(address));
            assertThat(offsets(mailbox, 0)).as(address).containsExactly(1L);
            mailbox.delete(1, 1);
            assertThat(mailbox.isEmptyFrom(0)).isTrue();
        }
    }

    @Test
    void allMailboxesOfATwinAreReadFromOneOfThemOn() {
        for (String address : List.of("6", "7", "7:", "7:b", "7:aa", "8")) {
            mailboxes.of(Address.parse(address)).put(1, message((byte) 1));
            mailboxes.of(Address.parse(address)).put(2, message((byte) 1));
        }

        assertThat(scan("7", 0))
                .containsExactly(
                        "7@1", "7@2", "7:@1", "7:@2", "7:b@1", "7:b@2", "7:aa@1", "7:aa@2");
        assertThat(scan("7:b", 2)).containsExactly("7:b@2", "7:aa@1", "7:aa@2");
    }

    @Test
    void aMessageKeepsEverythingItWasStoredWith() {
        Mailbox mailbox = mailboxes.of(Address.of(7));
        mailbox.put(1, new StoredMessage(true, 10, 20, HEADER, new byte[] {9, 8}));

        try (MessageScan scan = mailbox.scan(0)) {
            assertThat(scan.next()).isTrue();
            StoredMessage stored = scan.message();
            assertThat(stored.undecided()).isTrue();
            assertThat(stored.appendTimeMs()).isEqualTo(10);
            assertThat(stored.deadlineMs()).isEqualTo(20);
            assertThat(stored.header()).isEqualTo(HEADER);
            assertThat(stored.envelope()).containsExactly(9, 8);
        }
    }

    @Test
    void refusalsAreKeptWithTheirAnswer() {
        Refusal named = new Refusal("uid", Address.parse("7:ä"), "why");
        Refusal unnamed = new Refusal("", Address.parse("4294967295"), "");
        mailboxes.refused(1, named);
        mailboxes.refused(2, unnamed);
        mailboxes.dropped(3);
        mailboxes.refused(4, named);
        mailboxes.forgetRefusal(4);

        List<Object> seen = new ArrayList<>();
        mailboxes.forEachRefusal(
                (offset, refusal) -> seen.add(offset + "=" + (refusal == null ? "" : refusal)));

        assertThat(seen).containsExactly("1=" + named, "2=" + unnamed, "3=");
    }

    @Test
    void theWatermarkAndUndecidedTwinsAreKept() {
        assertThat(mailboxes.watermark()).isEmpty();
        mailboxes.writeWatermark(1L << 40);
        mailboxes.undecided(7);
        mailboxes.undecided(0xFFFF_FFFFL);
        mailboxes.undecided(8);
        mailboxes.decided(8);

        assertThat(mailboxes.watermark()).hasValue(1L << 40);
        assertThat(mailboxes.undecidedTwins()).containsExactly(7L, 0xFFFF_FFFFL);
    }

    private List<String> scan(String from, long offset) {
        List<String> seen = new ArrayList<>();
        try (MessageScan scan = mailboxes.scan(Address.parse(from), offset)) {
            while (scan.next()) {
                seen.add(scan.address() + "@" + scan.offset());
            }
        }
        return seen;
    }

    private static List<Long> offsets(Mailbox mailbox, long from) {
        List<Long> offsets = new ArrayList<>();
        try (MessageScan scan = mailbox.scan(from)) {
            while (scan.next()) {
                offsets.add(scan.offset());
            }
        }
        return offsets;
    }

    private static StoredMessage message(byte content) {
        return new StoredMessage(false, 1, 2, HEADER, new byte[] {content});
    }
}
