package io.odradek.storage.cleaner;

import java.nio.ByteBuffer;

/** The memory in which one loop reads and writes: made for the first cleaning, and let go when there is nothing to clean. */
final class CleanerBuffers {
    private final int sizeBytes;
    private final int maxInflatedBytes;
    private boolean mapIsSmall;
    private ByteBuffer forReading;
    private ByteBuffer forWriting;

    CleanerBuffers(int sizeBytes, int maxInflatedBytes) {
        this.sizeBytes = sizeBytes;
        this.maxInflatedBytes = maxInflatedBytes;
    }

    /** {@return the bytes of each of the two} */
    int sizeBytes() {
        return sizeBytes;
    }

    /** {@return what the records of a batch may inflate to} */
    int maxInflatedBytes() {
        return maxInflatedBytes;
    }

    /** {@return whether the loop's map is found too small for the first time: it stays so, and is to be told of once} */
    boolean mapFoundSmall() {
        boolean first = !mapIsSmall;
        mapIsSmall = true;
        return first;
    }

    ByteBuffer forReading() {
        if (forReading == null) {
            forReading = ByteBuffer.allocate(sizeBytes);
        }
        return forReading;
    }

    ByteBuffer forWriting() {
        if (forWriting == null) {
            forWriting = ByteBuffer.allocate(sizeBytes);
        }
        return forWriting.clear();
    }

    void release() {
        forReading = null;
        forWriting = null;
    }
}
