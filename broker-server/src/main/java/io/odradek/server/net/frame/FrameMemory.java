package io.odradek.server.net.frame;

import io.odradek.core.memory.MemoryShare;

/** The direct memory of requests as they arrive, and the line of the connections that wait for some. Thread-safe. */
public final class FrameMemory extends WaitingLine {
    private static final int PLENTY_OF_SHARE = 4;

    private final MemoryShare share;

    public FrameMemory(MemoryShare share) {
        this.share = share;
    }

    @Override
    protected boolean tryTake(long bytes) {
        return share.tryTake(bytes);
    }

    /** Takes some bytes whether or not they are there: few, for what has arrived already. */
    void takeAnyway(long bytes) {
        share.take(bytes);
    }

    /** Gives back what was taken. */
    public void giveBack(long bytes) {
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
