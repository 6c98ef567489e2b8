package dev.rmb.router;

import dev.rmb.cluster.limits.Limit;
import dev.rmb.cluster.limits.LimitKind;
import dev.rmb.cluster.limits.Limits;
import dev.rmb.kafka.KafkaSettings;
import dev.rmb.router.dispatch.MailboxLimits;
import java.util.List;
import java.util.function.Supplier;

/** The limits of a router that can be changed while it runs: the bounds of mailboxes. */
public final class RouterLimits implements Supplier<MailboxLimits> {
    private static final LimitKind MAILBOX_MESSAGES =
            LimitKind.countFrom(1, "router.delivery.mailboxMessages");
    private static final LimitKind MAILBOX_SIZE =
            LimitKind.bytesFrom(KafkaSettings.MAX_RECORD_BYTES, "router.delivery.mailboxSize");
    private static final LimitKind TWIN_ADDRESSES =
            LimitKind.countFrom(1, "router.delivery.twinAddresses");
    private static final LimitKind TWIN_MESSAGES =
            LimitKind.countFrom(1, "router.delivery.twinMessages");
    private static final LimitKind TWIN_SIZE =
            LimitKind.bytesFrom(KafkaSettings.MAX_RECORD_BYTES, "router.delivery.twinSize");
    private static final LimitKind PARTITION_SIZE =
            LimitKind.bytes("router.delivery.partitionSize");

    /** All of them, whichever pod has them. */
    public static final List<LimitKind> KINDS =
            List.of(
                    MAILBOX_MESSAGES,
                    MAILBOX_SIZE,
                    TWIN_ADDRESSES,
                    TWIN_MESSAGES,
                    TWIN_SIZE,
                    PARTITION_SIZE);

    private final Limit mailboxMessages;
    private final Limit mailboxSize;
    private final Limit twinAddresses;
    private final Limit twinMessages;
    private final Limit twinSize;
    private final Limit partitionSize;

    /** Made anew with each change, and not with each message. */
    private volatile MailboxLimits now;

    RouterLimits(Limits limits, MailboxLimits configured) {
        this.mailboxMessages = limits.add(MAILBOX_MESSAGES, configured.addressMessages());
        this.mailboxSize = limits.add(MAILBOX_SIZE, configured.addressBytes());
        this.twinAddresses = limits.add(TWIN_ADDRESSES, configured.addresses());
        this.twinMessages = limits.add(TWIN_MESSAGES, configured.messages());
        this.twinSize = limits.add(TWIN_SIZE, configured.bytes());
        this.partitionSize = limits.add(PARTITION_SIZE, configured.partitionBytes());
        this.now = inForce();
        limits.listen(() -> now = inForce());
    }

    @Override
    public MailboxLimits get() {
        return now;
    }

    private MailboxLimits inForce() {
        return new MailboxLimits(
                mailboxMessages.inForce(),
                mailboxSize.inForce(),
                twinAddresses.inForce(),
                twinMessages.inForce(),
                twinSize.inForce(),
                partitionSize.inForce());
    }
}
