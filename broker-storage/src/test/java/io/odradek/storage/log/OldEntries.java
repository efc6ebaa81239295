package io.odradek.storage.log;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.GZIPOutputStream;

/** Messages of magic 0 and 1, as brokers before Kafka 0.11 have stored them. */
public final class OldEntries {
    private static final int GZIP = 1;
    private static final int LOG_APPEND_TIME = 0x08;
    private static final int CRC = 12;
    private static final int AFTER_CRC = 16;

    private OldEntries() {}

    /** A record to store; key and value may be null. */
    public record OldRecord(long offset, long timestampMs, byte[] key, byte[] value) {}

    /** {@return a message that is not compressed} */
    public static ByteBuffer plain(int magic, OldRecord record) {
        return message(magic, 0, record);
    }

    /** {@return a compressed message with these records, with the timestamp that the broker gave it where that is not negative} */
    public static ByteBuffer gzipped(int magic, long appendTimeMs, List<OldRecord> records) {
        long first = records.get(0).offset();
        long last = records.get(records.size() - 1).offset();
        long largestMs = -1;
        ByteArrayOutputStream inside = new ByteArrayOutputStream();
        try (OutputStream gzip = new GZIPOutputStream(inside)) {
            for (OldRecord record : records) {
                long offset = magic == 0 ? record.offset() : record.offset() - first;
                largestMs = Math.max(largestMs, record.timestampMs());
                OldRecord moved = new OldRecord(offset, record.timestampMs(), record.key(), record.value());
                gzip.write(plain(magic, moved).array());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        boolean stamped = magic == 1 && appendTimeMs >= 0;
        OldRecord outer = new OldRecord(last, stamped ? appendTimeMs : largestMs, null, inside.toByteArray());
        return message(magic, stamped ? GZIP | LOG_APPEND_TIME : GZIP, outer);
    }

    private static ByteBuffer message(int magic, int attributes, OldRecord record) {
        int size = 26 + (magic == 1 ? 8 : 0) + length(record.key()) + length(record.value());
        ByteBuffer out = ByteBuffer.allocate(size);
        out.putLong(record.offset())
                .putInt(size - CRC)
                .putInt(0)
                .put((byte) magic)
                .put((byte) attributes);
        if (magic == 1) {
            out.putLong(record.timestampMs());
        }
        put(out, record.key());
        put(out, record.value());
        CRC32 crc = new CRC32();
        crc.update(out.array(), AFTER_CRC, size - AFTER_CRC);
        return out.putInt(CRC, (int) crc.getValue()).flip();
    }

    private static int length(byte[] bytes) {
        return bytes == null ? 0 : bytes.length;
    }

    private static void put(ByteBuffer out, byte[] bytes) {
        out.putInt(bytes == null ? -1 : bytes.length);
        if (bytes != null) {
            out.put(bytes);
        }
    }
}
