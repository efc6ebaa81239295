package io.odradek.server.net;

import io.odradek.core.memory.MemoryShare;

/** The direct memory of requests as they arrive, and the line of the connections that wait for some. Thread-safe. */
final class FrameMemory {
    private static final int PLENTY_OF_SHARE = 4;

    private final MemoryShare share;
    private final WaitingLine line;

    FrameMemory(MemoryShare share) {
        this.share = share;
        this.line = new WaitingLine(share::tryTake);
    }

    /** Takes some bytes. {@return whether they were there; if not, the place is in the line} */
    boolean take(WaitingLine.Place place, long bytes) {
        return line.take(place, bytes);
    }

    /** Takes some bytes whether or not they are there: few, for what has arrived already. */
    void takeAnyway(long bytes) {
        share.take(bytes);
    }

    /** Gives back what was taken. */
    void giveBack(long bytes) {
        share.giveBack(bytes);
        line.callFirst();
    }

    /** {@return whether somebody may have so much before it has sent anything} */
    boolean hasPlentyFor(long bytes) {
        return share.usedBytes() + bytes <= share.limitBytes() / PLENTY_OF_SHARE;
    }

    /** {@return the bytes taken} */
    long usedBytes() {
        return share.usedBytes();
    }

    /** {@return how many connections wait; takes its time} */
    int waiting() {
        return line.waiting();
    }
}
