package io.odradek.protocol.record;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.SimpleRecord;

/** A record's content, free of any implementation: what went in must come out. */
record SampleRecord(long timestampMs, String key, String value, List<SampleHeader> headers) {
    record SampleHeader(String key, String value) {}

    /** {@return the seed of a randomized test: the one given as system property, else a fresh one; printed either way} */
    static long seed() {
        String given = System.getProperty("seed");
        long seed = given == null ? new Random().nextLong() : Long.parseLong(given);
        System.out.println("seed=" + seed);
        return seed;
    }

    static List<SampleRecord> random(Random random, int count) {
        List<SampleRecord> records = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            List<SampleHeader> headers = new ArrayList<>();
            for (int h = random.nextInt(4) - 1; h > 0; h--) {
                headers.add(new SampleHeader(text(random, 20), orNull(random, 200)));
            }
            long timestampMs = 1_700_000_000_000L + random.nextInt(2_000_000) - 1_000_000;
            records.add(new SampleRecord(timestampMs, orNull(random, 30), orNull(random, 3000), headers));
        }
        return records;
    }

    static SampleRecord of(long timestampMs, String key, String value) {
        return new SampleRecord(timestampMs, key, value, List.of());
    }

    static SampleRecord read(RecordCursor cursor) {
        List<SampleHeader> headers = new ArrayList<>();
        while (cursor.nextHeader()) {
            headers.add(new SampleHeader(text(cursor.headerKey()), text(cursor.headerValue())));
        }
        return new SampleRecord(cursor.timestampMs(), text(cursor.key()), text(cursor.value()), headers);
    }

    static SampleRecord read(Record record) {
        List<SampleHeader> headers = new ArrayList<>();
        for (Header header : record.headers()) {
            headers.add(new SampleHeader(header.key(), header.value() == null ? null : latin1(header.value())));
        }
        return new SampleRecord(record.timestamp(), text(record.key()), text(record.value()), headers);
    }

    /** {@return all records of a batch, read by our cursor} */
    static List<SampleRecord> readAll(ByteBuffer batch) {
        List<SampleRecord> records = new ArrayList<>();
        try (RecordCursor cursor = new RecordCursor().open(batch, batch.position(), 64 << 20)) {
            while (cursor.next()) {
                records.add(read(cursor));
            }
        }
        return records;
    }

    SimpleRecord toKafka() {
        Header[] kafkaHeaders = headers.stream()
                .map(header -> new RecordHeader(header.key, header.value == null ? null : bytes(header.value)))
                .toArray(Header[]::new);
        return new SimpleRecord(
                timestampMs, key == null ? null : bytes(key), value == null ? null : bytes(value), kafkaHeaders);
    }

    void appendTo(BatchBuilder builder) {
        builder.append(
                timestampMs,
                buffer(key),
                buffer(value),
                headers.stream()
                        .map(header -> io.odradek.protocol.record.RecordHeader.of(
                                header.key, header.value == null ? null : bytes(header.value)))
                        .toList());
    }

    static BatchBuilder builder(List<SampleRecord> records) {
        BatchBuilder builder = new BatchBuilder(64 << 20);
        records.forEach(record -> record.appendTo(builder));
        return builder;
    }

    private static String orNull(Random random, int maxSize) {
        return random.nextInt(4) == 0 ? null : text(random, maxSize);
    }

    private static String text(Random random, int maxSize) {
        int range = random.nextBoolean() ? 3 : 90;
        StringBuilder text = new StringBuilder();
        for (int size = random.nextInt(maxSize + 1); size > 0; size--) {
            text.append((char) (' ' + random.nextInt(range)));
        }
        return text.toString();
    }

    private static ByteBuffer buffer(String text) {
        return text == null ? null : ByteBuffer.wrap(bytes(text));
    }

    private static byte[] bytes(String text) {
        return Objects.requireNonNull(text).getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
    }

    private static String latin1(byte[] bytes) {
        return new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1);
    }

    private static String text(ByteBuffer buffer) {
        if (buffer == null) {
            return null;
        }
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return latin1(bytes);
    }
}
