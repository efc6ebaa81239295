package io.odradek.server.tools.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.odradek.server.tools.UsageException;
import java.io.PrintStream;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.MessageFormatter;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.serialization.Deserializer;

/** A line of each record, with what Kafka's default formatter can print, in its order. Bytes are written as they came. */
final class DefaultFormatter implements MessageFormatter {
    private final LineBytes line = new LineBytes();
    private boolean printsTimestamp;
    private boolean printsPartition;
    private boolean printsOffset;
    private boolean printsDelivery;
    private boolean printsEpoch;
    private boolean printsHeaders;
    private boolean printsKey;
    private boolean printsValue = true;
    private byte[] keySeparator = bytes("\t");
    private byte[] lineSeparator = bytes("\n");
    private byte[] headersSeparator = bytes(",");
    private byte[] nullLiteral = bytes("null");
    private Deserializer<?> keyDeserializer;
    private Deserializer<?> valueDeserializer;
    private Deserializer<?> headersDeserializer;

    @Override
    public void configure(Map<String, ?> settings) {
        printsTimestamp = isTrue(settings, "print.timestamp", false);
        printsPartition = isTrue(settings, "print.partition", false);
        printsOffset = isTrue(settings, "print.offset", false);
        printsDelivery = isTrue(settings, "print.delivery", false);
        printsEpoch = isTrue(settings, "print.epoch", false);
        printsHeaders = isTrue(settings, "print.headers", false);
        printsKey = isTrue(settings, "print.key", false);
        printsValue = isTrue(settings, "print.value", true);
        keySeparator = bytes(settings, "key.separator", keySeparator);
        lineSeparator = bytes(settings, "line.separator", lineSeparator);
        headersSeparator = bytes(settings, "headers.separator", headersSeparator);
        nullLiteral = bytes(settings, "null.literal", nullLiteral);
        keyDeserializer = deserializer(settings, "key.deserializer", true);
        valueDeserializer = deserializer(settings, "value.deserializer", false);
        headersDeserializer = deserializer(settings, "headers.deserializer", false);
    }

    @Override
    public void writeTo(ConsumerRecord<byte[], byte[]> record, PrintStream out) {
        line.clear();
        if (printsTimestamp) {
            line.add(
                    record.timestampType() == TimestampType.NO_TIMESTAMP_TYPE
                            ? "NO_TIMESTAMP"
                            : record.timestampType() + ":" + record.timestamp());
            separate(printsPartition || printsOffset || printsDelivery || printsEpoch || printsHeaders);
        }
        if (printsPartition) {
            line.add("Partition:" + record.partition());
            separate(printsOffset || printsDelivery || printsEpoch || printsHeaders);
        }
        if (printsOffset) {
            line.add("Offset:" + record.offset());
            separate(printsDelivery || printsEpoch || printsHeaders);
        }
        if (printsDelivery) {
            line.add("Delivery:" + record.deliveryCount().map(Object::toString).orElse("NOT_PRESENT"));
            separate(printsEpoch || printsHeaders);
        }
        if (printsEpoch) {
            line.add("Epoch:" + record.leaderEpoch().map(Object::toString).orElse("NOT_PRESENT"));
            separate(printsHeaders);
        }
        if (printsHeaders) {
            addHeaders(record);
            separate(false);
        }
        if (printsKey) {
            line.add(text(record, keyDeserializer, record.key()));
            line.add(printsValue ? keySeparator : lineSeparator);
        }
        if (printsValue) {
            line.add(text(record, valueDeserializer, record.value()));
            line.add(lineSeparator);
        }
        line.writeTo(out);
    }

    private void separate(boolean moreBeforeKey) {
        line.add(moreBeforeKey || printsKey || printsValue ? keySeparator : lineSeparator);
    }

    private void addHeaders(ConsumerRecord<byte[], byte[]> record) {
        boolean first = true;
        for (Header header : record.headers()) {
            if (!first) {
                line.add(headersSeparator);
            }
            first = false;
            line.add(header.key() + ":");
            line.add(text(record, headersDeserializer, header.value()));
        }
        if (first) {
            line.add("NO_HEADERS");
        }
    }

    private byte[] text(ConsumerRecord<byte[], byte[]> record, Deserializer<?> deserializer, byte[] bytes) {
        if (bytes == null) {
            return nullLiteral;
        }
        if (deserializer == null) {
            return bytes;
        }
        Object object = deserializer.deserialize(record.topic(), record.headers(), bytes);
        return object == null ? nullLiteral : bytes(object.toString());
    }

    @Override
    public void close() {
        for (Deserializer<?> each : new Deserializer<?>[] {keyDeserializer, valueDeserializer, headersDeserializer}) {
            if (each != null) {
                each.close();
            }
        }
    }

    private static boolean isTrue(Map<String, ?> settings, String name, boolean otherwise) {
        Object value = settings.get(name);
        return value == null ? otherwise : value.toString().strip().equalsIgnoreCase("true");
    }

    private static byte[] bytes(Map<String, ?> settings, String name, byte[] otherwise) {
        Object value = settings.get(name);
        return value == null ? otherwise : bytes(value.toString());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    /** One by its class, with the settings whose names begin with its own. */
    private static Deserializer<?> deserializer(Map<String, ?> settings, String name, boolean ofKeys) {
        Object className = settings.get(name);
        if (className == null) {
            return null;
        }
        try {
            Deserializer<?> deserializer = Formatters.newInstance(className.toString(), Deserializer.class);
            Map<String, Object> own = new HashMap<>();
            settings.forEach((key, value) -> {
                if (key.startsWith(name + ".")) {
                    own.put(key.substring(name.length() + 1), value);
                }
            });
            deserializer.configure(own, ofKeys);
            return deserializer;
        } catch (ReflectiveOperationException | ClassCastException | LinkageError absent) {
            throw new UsageException("There is no deserializer " + className + " (" + name + ")");
        }
    }
}
