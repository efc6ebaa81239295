package io.odradek.server.storm;

import io.odradek.protocol.record.CompressionCodec;
import io.odradek.server.hostile.HandmadeBatch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Record batches, sound ones and others; made once, because some take long to make. */
final class RandomBatches {
    private static final int SOUND_PERCENT = 60;
    private static final int BOMB_PERCENT = 1;
    private static final int BOMB_BYTES = 24 << 20;
    private static final int LARGE_BYTES = 300_000;
    private static final List<ByteBuffer> SOUND = new ArrayList<>();
    private static final List<ByteBuffer> BROKEN = new ArrayList<>();
    private static final List<ByteBuffer> BOMBS = new ArrayList<>();

    private final Random random;

    static {
        try {
            for (CompressionCodec codec : CompressionCodec.values()) {
                SOUND.add(batch(codec).records(1, 0, 0).build());
                SOUND.add(batch(codec).records(5, 4, 0, 1, 2, 3, 4).build());
                BROKEN.add(batch(codec).records(1, 0, 0).wrongCrc().build());
                BROKEN.add(batch(codec).records(Integer.MAX_VALUE, 0, 0).build());
                BROKEN.add(batch(codec).records(2, 1, 0, 0).build());
                BROKEN.add(batch(codec).records(3, 2, 0, 1).build());
                BROKEN.add(
                        batch(codec).garbage(new byte[] {-1, -1, -1, -1, 15, 0}).build());
                BROKEN.add(batch(codec).records(1, 0, 0).magic(1).build());
                if (codec != CompressionCodec.NONE) {
                    BOMBS.add(batch(codec).bomb(BOMB_BYTES).build());
                }
            }
            SOUND.add(batch(CompressionCodec.NONE).bomb(LARGE_BYTES).build());
            BROKEN.add(ByteBuffer.allocate(0));
            BROKEN.add(ByteBuffer.allocate(100));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    RandomBatches(Random random) {
        this.random = random;
    }

    private static HandmadeBatch batch(CompressionCodec codec) {
        return new HandmadeBatch().codec(codec);
    }

    ByteBuffer next() {
        int percent = random.nextInt(100);
        if (percent < SOUND_PERCENT) {
            return Known.any(SOUND, random).duplicate();
        }
        if (percent < SOUND_PERCENT + BOMB_PERCENT) {
            return Known.any(BOMBS, random).duplicate();
        }
        return percent < 80 ? ofProducer() : Known.any(BROKEN, random).duplicate();
    }

    private ByteBuffer ofProducer() {
        try {
            return batch(CompressionCodec.NONE)
                    .producer(1_000_000 + random.nextInt(50), random.nextInt(3), random.nextInt(4))
                    .records(1, 0, 0)
                    .build();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
