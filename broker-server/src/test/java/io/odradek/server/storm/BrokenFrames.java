package io.odradek.server.storm;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;

/** Makes frames that are not what they were: cut, longer than they are, with other bits, with lengths that lie. */
public final class BrokenFrames {
    private static final int LENGTH_BYTES = 4;
    private static final int KEY_AT = 4;
    private static final int VERSION_AT = 6;
    /** What comes before it says which request an answer is for. */
    private static final int CLIENT_ID_AT = 12;

    private BrokenFrames() {}

    static Sent broken(Sent sound, Random random) {
        return sound.broken(broken(sound.bytes(), random));
    }

    /** {@return what is left of a frame} @param frame with its length, and a header */
    public static byte[] broken(byte[] frame, Random random) {
        return switch (random.nextInt(7)) {
            case 0 -> cut(frame, random);
            case 1, 2 -> flipped(frame, random);
            case 3 -> surplus(frame, random);
            case 4 -> withInt16(frame, VERSION_AT, random.nextInt());
            case 5 -> withInt16(frame, KEY_AT, 1_000 + random.nextInt(20_000));
            default -> lying(frame, random);
        };
    }

    private static byte[] cut(byte[] frame, Random random) {
        byte[] shorter = Arrays.copyOf(frame, Math.min(frame.length, CLIENT_ID_AT + random.nextInt(frame.length)));
        return withLength(shorter, shorter.length - LENGTH_BYTES);
    }

    private static byte[] flipped(byte[] frame, Random random) {
        byte[] other = frame.clone();
        for (int flips = 1 + random.nextInt(5); flips > 0 && other.length > CLIENT_ID_AT; flips--) {
            int at = CLIENT_ID_AT + random.nextInt(other.length - CLIENT_ID_AT);
            other[at] ^= (byte) (1 << random.nextInt(8));
        }
        return other;
    }

    private static byte[] surplus(byte[] frame, Random random) {
        byte[] longer = Arrays.copyOf(frame, frame.length + 1 + random.nextInt(20));
        return withLength(longer, longer.length - LENGTH_BYTES);
    }

    private static byte[] lying(byte[] frame, Random random) {
        int length = frame.length - LENGTH_BYTES;
        return withLength(
                frame,
                switch (random.nextInt(6)) {
                    case 0 -> -1;
                    case 1 -> 0;
                    case 2 -> Integer.MAX_VALUE;
                    case 3 -> 1 << 22;
                    case 4 -> length + 1 + random.nextInt(1_000);
                    default -> random.nextInt(Math.max(1, length));
                });
    }

    private static byte[] withInt16(byte[] frame, int at, int value) {
        byte[] other = frame.clone();
        if (other.length >= at + Short.BYTES) {
            ByteBuffer.wrap(other).putShort(at, (short) value);
        }
        return other;
    }

    private static byte[] withLength(byte[] frame, int length) {
        byte[] other = frame.clone();
        ByteBuffer.wrap(other).putInt(0, length);
        return other;
    }
}
