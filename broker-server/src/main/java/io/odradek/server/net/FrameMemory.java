package io.odradek.server.net;

import io.odradek.core.memory.MemoryShare;

/** The direct memory of requests as they arrive, and the line of the connections that wait for some. Thread-safe. */
final class FrameMemory extends WaitingLine {
    private static final int PLENTY_OF_SHARE = 4;

    private final MemoryShare share;

    FrameMemory(MemoryShare share) {
        this.share = share;
    }

    @Override
    boolean tryTake(long bytes) {
        return share.tryTake(bytes);
    }

    /** Takes some bytes whether or not they are there: few, for what has arrived already. */
    void takeAnyway(long bytes) {
        share.take(bytes);
    }

    /** Gives back what was taken. */
    void giveBack(long bytes) {
        share.giveBack(bytes);
        callFirst();
    }

    /** {@return whether somebody may have so much before it has sent anything} */
    boolean hasPlentyFor(long bytes) {
        return share.usedBytes() + bytes <= share.limitBytes() / PLENTY_OF_SHARE;
    }

    /** {@return the bytes taken} */
    long usedBytes() {
        return share.usedBytes();
    }
}
