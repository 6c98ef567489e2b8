package dev.rmb.gateway.loop;

/** What sockets are served with. */
public enum IoKind {
    /** Epoll where there is one, else NIO. */
    AUTO,
    /** Linux. */
    EPOLL,
    /** Linux from 5.9 on, where it is not switched off; containers often do. */
    IO_URING,
    /** Java's own, everywhere. */
    NIO
}
