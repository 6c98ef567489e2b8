package dev.rmb.cluster.link;

import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Links between a gateway and a router in the same process: a message is handed over by a call.
 * Each direction of a link is drained by whichever sender came first, so that a listener's calls
 * come one after the other and nobody waits for a lock.
 */
public final class InProcessLinks {
    private final String endpoint;
    private final Endpoint gateway;
    private final Endpoint router;
    private final Set<Pair> pairs = ConcurrentHashMap.newKeySet();
    private volatile @Nullable LinkListener<RouterMessage, GatewayMessage> accepting;

    public InProcessLinks(Endpoint gateway, Endpoint router) {
        this.endpoint = "local:" + router.pod();
        this.gateway = gateway;
        this.router = router;
    }

    /** The router's side. */
    public LinkAcceptor acceptor() {
        return new LinkAcceptor() {
            @Override
            public String start(LinkListener<RouterMessage, GatewayMessage> listener) {
                accepting = listener;
                return endpoint;
            }

            @Override
            public void close() {
                accepting = null;
                pairs.forEach(pair -> pair.close(null));
            }
        };
    }

    /** The gateway's side. */
    public LinkConnector connector() {
        return new LinkConnector() {
            @Override
            public void connect(String to, LinkListener<GatewayMessage, RouterMessage> listener) {
                var acceptor = accepting;
                if (acceptor == null || !to.equals(endpoint)) {
                    listener.closed(null, new IOException("nobody accepts links at " + to));
                    return;
                }
                new Pair(listener, acceptor).open();
            }

            @Override
            public void close() {
                pairs.forEach(pair -> pair.close(null));
            }
        };
    }

    /** Both ends of one link. */
    private final class Pair {
        private final End<GatewayMessage, RouterMessage> gatewayEnd;
        private final End<RouterMessage, GatewayMessage> routerEnd;
        private final AtomicBoolean closed = new AtomicBoolean();

        Pair(
                LinkListener<GatewayMessage, RouterMessage> gatewaySide,
                LinkListener<RouterMessage, GatewayMessage> routerSide) {
            gatewayEnd = new End<>(this, router, gatewaySide);
            routerEnd = new End<>(this, gateway, routerSide);
        }

        void open() {
            pairs.add(this);
            gatewayEnd.other = routerEnd;
            routerEnd.other = gatewayEnd;
            // The router hears of the link before anything can arrive on it.
            routerEnd.open();
            gatewayEnd.open();
        }

        void close(@Nullable Throwable cause) {
            if (closed.compareAndSet(false, true)) {
                pairs.remove(this);
                gatewayEnd.end(cause);
                routerEnd.end(cause);
            }
        }
    }

    /**
     * One end: sends {@code S}, and its listener hears {@code R}. The inbox holds what the other
     * end sent to it; opening and closing are signals to the same drainer, so that the listener's
     * calls never overlap.
     */
    private static final class End<S, R> implements Link<S> {
        private final Pair pair;
        private final Endpoint peer;
        private final LinkListener<S, R> listener;
        private final Outbox<R> inbox = new Outbox<>();
        private @Nullable End<R, S> other;
        private volatile boolean ended;
        private volatile @Nullable Throwable cause;
        private volatile boolean writableAgain;
        // The next two belong to the drainer of the moment.
        private boolean opened;
        private boolean told;

        End(Pair pair, Endpoint peer, LinkListener<S, R> listener) {
            this.pair = pair;
            this.peer = peer;
            this.listener = listener;
        }

        void open() {
            wake();
        }

        void end(@Nullable Throwable why) {
            cause = why;
            ended = true;
            wake();
        }

        @Override
        public String peer() {
            return peer.pod();
        }

        @Override
        public long peerIncarnation() {
            return peer.incarnation();
        }

        @Override
        public void send(S message) {
            End<R, S> to = other;
            if (to == null || ended) {
                return;
            }
            if (to.inbox.add(message)) {
                to.drain();
            } else if (to.inbox.isOverfull()) {
                pair.close(new IOException("too much waits on the link to " + peer.pod()));
            }
        }

        @Override
        public boolean isWritable() {
            End<R, S> to = other;
            return to != null && to.inbox.isWritable();
        }

        @Override
        public void close() {
            pair.close(null);
        }

        private void wake() {
            if (inbox.signal()) {
                drain();
            }
        }

        private void drain() {
            int seen;
            do {
                seen = inbox.turns();
                drainOnce();
            } while (!inbox.finished(seen));
        }

        private void drainOnce() {
            if (!opened) {
                opened = true;
                listener.opened(this);
            }
            R message;
            while (!ended && (message = inbox.poll()) != null) {
                try {
                    listener.received(this, message);
                } catch (RuntimeException e) {
                    pair.close(e);
                }
            }
            if (inbox.turnedWritable()) {
                End<R, S> sender = other;
                if (sender != null) {
                    sender.tellWritable();
                }
            }
            if (writableAgain) {
                writableAgain = false;
                listener.writable(this);
            }
            if (ended && !told) {
                told = true;
                listener.closed(this, cause);
            }
        }

        private void tellWritable() {
            writableAgain = true;
            wake();
        }
    }
}
