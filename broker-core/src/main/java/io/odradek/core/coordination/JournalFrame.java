package io.odradek.core.coordination;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * One write to the journal: what is forced together. Layout, big-endian: magic (4 bytes), length of the payload (4), its
 * CRC-32C (4), payload. The payload is the frame's number (8), the number of changes (4), and for each change its kind
 * (1), the path (length 4, UTF-8) and for a put the version (4), the next sequence number (4) and the data (length 4,
 * bytes).
 *
 * @param number of the last change that it holds: grows by one from frame to frame, and by a jump from one life of the
 *     broker to the next
 * @param changes what happened, in order
 */
record JournalFrame(long number, List<TreeChange> changes) {
    private static final int MAGIC = 0x0DAD0001;
    private static final int HEADER_BYTES = 12;
    private static final int LIFE_BITS = 32;
    private static final byte PUT = 1;
    private static final byte REMOVE = 2;

    /** {@return the first number of a broker's life, after the last number of the life before; -1 for none} */
    static long firstAfter(long last) {
        return (last >> LIFE_BITS) + 1 << LIFE_BITS;
    }

    /** {@return whether a frame may come after another} */
    static boolean follows(long before, long number) {
        return number == before + 1 || number > before && number >> LIFE_BITS << LIFE_BITS == number;
    }

    ByteBuffer encode() {
        List<byte[]> paths = new ArrayList<>(changes.size());
        long sizeBytes = HEADER_BYTES + 8L + 4;
        for (TreeChange change : changes) {
            byte[] path = change.path().getBytes(StandardCharsets.UTF_8);
            paths.add(path);
            sizeBytes += 1 + 4 + path.length + (change instanceof TreeChange.Put put ? 12 + put.data().length : 0);
        }
        ByteBuffer out = ByteBuffer.allocate(Math.toIntExact(sizeBytes));
        out.position(HEADER_BYTES);
        out.putLong(number).putInt(changes.size());
        for (int i = 0; i < changes.size(); i++) {
            byte[] path = paths.get(i);
            if (changes.get(i) instanceof TreeChange.Put put) {
                out.put(PUT).putInt(path.length).put(path);
                out.putInt(put.version()).putInt(put.nextSequence());
                out.putInt(put.data().length).put(put.data());
            } else {
                out.put(REMOVE).putInt(path.length).put(path);
            }
        }
        int payloadBytes = out.position() - HEADER_BYTES;
        out.putInt(0, MAGIC).putInt(4, payloadBytes).putInt(8, checksum(out, HEADER_BYTES, payloadBytes));
        return out.flip();
    }

    /** Reads the frame at the buffer's position and moves past it. {@return null, with the position unmoved, if none is there whole} */
    static JournalFrame read(ByteBuffer in) {
        int start = in.position();
        if (in.remaining() < HEADER_BYTES || in.getInt(start) != MAGIC) {
            return null;
        }
        int payloadBytes = in.getInt(start + 4);
        if (payloadBytes < 12 || payloadBytes > in.remaining() - HEADER_BYTES) {
            return null;
        }
        if (in.getInt(start + 8) != checksum(in, start + HEADER_BYTES, payloadBytes)) {
            return null;
        }
        ByteBuffer payload = in.slice(start + HEADER_BYTES, payloadBytes);
        try {
            JournalFrame frame = new JournalFrame(payload.getLong(), changes(payload));
            in.position(start + HEADER_BYTES + payloadBytes);
            return frame;
        } catch (BufferUnderflowException | IllegalArgumentException | NegativeArraySizeException e) {
            return null;
        }
    }

    /** {@return where after the position a whole frame with at least this number starts, -1 if none does} */
    static int nextAfter(ByteBuffer in, long number) {
        ByteBuffer rest = in.duplicate();
        for (int at = in.position() + 1; at <= in.limit() - HEADER_BYTES; at++) {
            if (in.getInt(at) == MAGIC) {
                rest.position(at);
                JournalFrame frame = read(rest);
                if (frame != null && frame.number >= number) {
                    return at;
                }
            }
        }
        return -1;
    }

    /** {@return whether a frame begins at the position whose end is missing, as one does that was being written} */
    static boolean isCut(ByteBuffer in) {
        int start = in.position();
        return in.remaining() < HEADER_BYTES
                || in.getInt(start) == MAGIC && in.getInt(start + 4) > in.remaining() - HEADER_BYTES;
    }

    private static List<TreeChange> changes(ByteBuffer payload) {
        int count = payload.getInt();
        List<TreeChange> changes = new ArrayList<>(Math.min(Math.max(count, 0), payload.remaining()));
        for (int i = 0; i < count; i++) {
            byte kind = payload.get();
            String path = new String(bytes(payload), StandardCharsets.UTF_8);
            switch (kind) {
                case PUT -> changes.add(new TreeChange.Put(path, payload.getInt(), payload.getInt(), bytes(payload)));
                case REMOVE -> changes.add(new TreeChange.Remove(path));
                default -> throw new IllegalArgumentException("kind " + kind);
            }
        }
        return changes;
    }

    private static byte[] bytes(ByteBuffer payload) {
        int length = payload.getInt();
        if (length > payload.remaining()) {
            throw new BufferUnderflowException();
        }
        byte[] bytes = new byte[length];
        payload.get(bytes);
        return bytes;
    }

    private static int checksum(ByteBuffer buffer, int from, int length) {
        CRC32C crc = new CRC32C();
        crc.update(buffer.slice(from, length));
        return (int) crc.getValue();
    }
}
