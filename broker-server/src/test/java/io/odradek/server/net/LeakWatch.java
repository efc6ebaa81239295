package io.odradek.server.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Tracks every buffer as long as it is open, and fails if one was lost. */
final class LeakWatch implements AutoCloseable {
    private static final int COLLECTIONS = 5;

    private final ResourceLeakDetector.Level levelBefore = ResourceLeakDetector.getLevel();
    private final Queue<String> leaks = new ConcurrentLinkedQueue<>();

    LeakWatch() {
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
        ByteBufUtil.setLeakListener((type, records) -> leaks.add(type + records));
    }

    @Override
    public void close() {
        try {
            for (int i = 0; i < COLLECTIONS; i++) {
                System.gc();
                PooledByteBufAllocator.DEFAULT.directBuffer(1).release();
            }
            assertThat(leaks).isEmpty();
        } finally {
            ByteBufUtil.setLeakListener(null);
            ResourceLeakDetector.setLevel(levelBefore);
        }
    }
}
