package io.odradek.storage.manager;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicReference;

/** One buffer for those who need one now and then, however many they are. Thread-safe. */
final class SpareBuffer {
    private static final int SIZE_BYTES = 1 << 20;

    private final AtomicReference<ByteBuffer> spare = new AtomicReference<>();

    /** {@return an empty buffer whose limit is its size} */
    ByteBuffer take(int sizeBytes) {
        ByteBuffer buffer = spare.getAndSet(null);
        if (buffer == null || buffer.capacity() < sizeBytes) {
            buffer = ByteBuffer.allocate(Math.max(SIZE_BYTES, sizeBytes));
        }
        return buffer.clear().limit(sizeBytes);
    }

    /** Gives it back; one that was made for an uncommonly large batch is not kept. */
    void give(ByteBuffer buffer) {
        if (buffer.capacity() == SIZE_BYTES) {
            spare.set(buffer);
        }
    }
}
