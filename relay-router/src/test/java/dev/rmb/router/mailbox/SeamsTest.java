package dev.rmb.router.mailbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.api.Test;

/** See delivery.md, 19. */
final class SeamsTest {
    private static final UUID TOPIC = new UUID(1, 2);

    @Test
    void aWholeLogsOffsetsAreItsPlaces() {
        assertThat(Seams.none().place(7)).isEqualTo(7);
        assertThat(Seams.none().offset(7)).isEqualTo(7);
        assertThat(Seams.none().topic()).isNull();
    }

    @Test
    void rule19OffsetsThatALogGivesAgainGetPlacesThatWereNeverGiven() {
        Seams cut = Seams.none().cut(90, 1_000);

        assertThat(cut.place(89)).isEqualTo(89);
        assertThat(cut.place(90)).isEqualTo(1_000);
        assertThat(cut.place(95)).isEqualTo(1_005);
        assertThat(cut.lastPlace()).isEqualTo(1_000);
    }

    @Test
    void rule19ReadingGoesOnAtTheSeamBehindWhatWasCutOff() {
        Seams cut = Seams.none().cut(90, 1_000);

        assertThat(cut.offset(80)).isEqualTo(80);
        assertThat(cut.offset(95)).isEqualTo(90);
        assertThat(cut.offset(999)).isEqualTo(90);
        assertThat(cut.offset(1_005)).isEqualTo(95);
    }

    @Test
    void rule19ALogMayBeCutAgainBeforeOrBehindASeam() {
        Seams before = Seams.none().cut(90, 1_000).cut(50, 2_000);
        assertThat(before.place(95)).isEqualTo(2_045);
        assertThat(before.offset(1_005)).isEqualTo(50);

        Seams behind = Seams.none().cut(90, 1_000).cut(100, 2_000);
        assertThat(behind.place(95)).isEqualTo(1_005);
        assertThat(behind.place(100)).isEqualTo(2_000);
        assertThat(behind.offset(1_050)).isEqualTo(100);
    }

    @Test
    void rule19ATopicThatWasMadeAnewIsReadFromItsBeginning() {
        Seams anew = Seams.none().of(TOPIC).cut(90, 1_000).madeAnew(new UUID(3, 4), 2_000);

        assertThat(anew.topic()).isEqualTo(new UUID(3, 4));
        assertThat(anew.place(0)).isEqualTo(2_000);
        assertThat(anew.offset(1_005)).isZero();
        assertThat(anew.offset(2_001)).isEqualTo(1);
    }

    @Test
    void seamsAreKept() {
        Mailboxes mailboxes = new Mailboxes(new TreeKeyValues());
        assertThat(mailboxes.seams().place(95)).isEqualTo(95);

        mailboxes.write(Seams.none().of(TOPIC).cut(90, 1_000));

        assertThat(mailboxes.seams().place(95)).isEqualTo(1_005);
        assertThat(mailboxes.seams().offset(95)).isEqualTo(90);
        assertThat(mailboxes.seams().topic()).isEqualTo(TOPIC);
    }
}
