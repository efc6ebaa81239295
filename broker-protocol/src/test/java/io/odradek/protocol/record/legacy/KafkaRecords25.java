package io.odradek.protocol.record.legacy;

import io.odradek.protocol.oracle.KafkaJars;
import io.odradek.protocol.record.CompressionCodec;
import io.odradek.protocol.record.TimestampType;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The record classes of kafka-clients 2.5, which know all formats: the judge of what we read, write and convert. */
public final class KafkaRecords25 {
    private static final String RECORDS = "org.apache.kafka.common.record.";

    private final Class<?> records;
    private final Class<?> compression;
    private final Class<?> timestampType;
    private final Class<?> builder;
    private final Class<?> time;

    /** A record's content. */
    public record Content(long offset, long timestampMs, String key, String value) {}

    public KafkaRecords25() throws IOException, ReflectiveOperationException {
        ClassLoader loader = KafkaJars.in("oracle-of-records");
        records = loader.loadClass(RECORDS + "MemoryRecords");
        compression = loader.loadClass(RECORDS + "CompressionType");
        timestampType = loader.loadClass(RECORDS + "TimestampType");
        builder = loader.loadClass(RECORDS + "MemoryRecordsBuilder");
        time = loader.loadClass("org.apache.kafka.common.utils.Time");
    }

    /** {@return records as Kafka writes them in a format, with their own offsets} */
    public ByteBuffer write(
            byte magic, CompressionCodec codec, TimestampType type, long appendTimeMs, List<Content> contents)
            throws ReflectiveOperationException {
        Method start = records.getMethod(
                "builder", ByteBuffer.class, byte.class, compression, timestampType, long.class, long.class);
        Object kafkaType =
                magic == 0 ? constant(timestampType, "NO_TIMESTAMP_TYPE") : constant(timestampType, type.name());
        Object writing = start.invoke(
                null,
                ByteBuffer.allocate(512),
                magic,
                constant(compression, codec.name()),
                kafkaType,
                contents.get(0).offset(),
                type == TimestampType.LOG_APPEND_TIME ? appendTimeMs : -1L);
        Method append = builder.getMethod("appendWithOffset", long.class, long.class, byte[].class, byte[].class);
        for (Content content : contents) {
            append.invoke(
                    writing,
                    content.offset(),
                    magic == 0 ? -1L : content.timestampMs(),
                    bytes(content.key()),
                    bytes(content.value()));
        }
        return buffer(builder.getMethod("build").invoke(writing));
    }

    private static Object constant(Class<?> type, String name) throws ReflectiveOperationException {
        return type.getField(name).get(null);
    }

    /** {@return what Kafka reads of records of any format, once it has found their checksums right} */
    public List<Content> read(ByteBuffer bytes) throws ReflectiveOperationException {
        Object reading = readable(bytes);
        for (Object batch : (Iterable<?>) records.getMethod("batches").invoke(reading)) {
            publicMethod(batch, "ensureValid").invoke(batch);
        }
        List<Content> contents = new ArrayList<>();
        for (Object record : (Iterable<?>) records.getMethod("records").invoke(reading)) {
            publicMethod(record, "ensureValid").invoke(record);
            contents.add(new Content(
                    (long) publicMethod(record, "offset").invoke(record),
                    (long) publicMethod(record, "timestamp").invoke(record),
                    text((ByteBuffer) publicMethod(record, "key").invoke(record)),
                    text((ByteBuffer) publicMethod(record, "value").invoke(record))));
        }
        return contents;
    }

    /** {@return records as Kafka converts them down to a format} */
    ByteBuffer downConvert(ByteBuffer bytes, byte magic, long firstOffset) throws ReflectiveOperationException {
        Object converted = records.getMethod("downConvert", byte.class, long.class, time)
                .invoke(readable(bytes), magic, firstOffset, constant(time, "SYSTEM"));
        return buffer(publicMethod(converted, "records").invoke(converted));
    }

    private Object readable(ByteBuffer bytes) throws ReflectiveOperationException {
        return records.getMethod("readableRecords", ByteBuffer.class).invoke(null, bytes.slice());
    }

    private ByteBuffer buffer(Object memoryRecords) throws ReflectiveOperationException {
        return (ByteBuffer) records.getMethod("buffer").invoke(memoryRecords);
    }

    private static Method publicMethod(Object target, String name) throws ReflectiveOperationException {
        Method method = target.getClass().getMethod(name);
        method.setAccessible(true);
        return method;
    }

    private static byte[] bytes(String text) {
        return text == null ? null : text.getBytes(StandardCharsets.ISO_8859_1);
    }

    static String text(ByteBuffer buffer) {
        return buffer == null
                ? null
                : StandardCharsets.ISO_8859_1.decode(buffer.duplicate()).toString();
    }
}
