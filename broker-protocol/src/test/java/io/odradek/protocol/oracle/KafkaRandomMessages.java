package io.odradek.protocol.oracle;

import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/** Bytes with random content, written by Kafka's own types after its own schemas. */
final class KafkaRandomMessages {
    private static final int LARGEST_MESSAGE_BYTES = 1 << 20;
    private static final Set<String> NULLABLE_STRUCTURES = Set.of("cursor", "next_cursor");

    private final KafkaMessages kafka;
    private final Random random;
    private final RandomValues values;
    private final ByteBuffer buffer = ByteBuffer.allocate(LARGEST_MESSAGE_BYTES);

    KafkaRandomMessages(KafkaMessages kafka, Random random) {
        this.kafka = kafka;
        this.random = random;
        this.values = new RandomValues(random);
    }

    /** {@return a message of a version that this Kafka has, in the form in which Kafka writes it} */
    byte[] next(String message, short version) throws ReflectiveOperationException {
        buffer.clear();
        Object fields = kafka.type("protocol.types.Schema").getMethod("fields").invoke(kafka.schema(message, version));
        for (int i = 0; i < Array.getLength(fields); i++) {
            write(kafka.type("protocol.types.BoundField").getField("def").get(Array.get(fields, i)));
        }
        byte[] bytes = new byte[buffer.flip().remaining()];
        buffer.get(bytes);
        return kafka.encode(kafka.decode(message, bytes, version), version);
    }

    /** Older schemas do not tell of a structure that it may be null, nor write the byte that says whether it is. */
    private void write(Object definition) throws ReflectiveOperationException {
        Class<?> field = kafka.type("protocol.types.Field");
        Class<?> type = kafka.type("protocol.types.Type");
        boolean told = (boolean)
                type.getMethod("isNullable").invoke(field.getField("type").get(definition));
        if (!told && NULLABLE_STRUCTURES.contains(field.getField("name").get(definition))) {
            boolean there = random.nextBoolean();
            buffer.put((byte) (there ? 1 : -1));
            if (!there) {
                return;
            }
        }
        KafkaMessages.invoke(
                type.getMethod("write", ByteBuffer.class, Object.class),
                field.getField("type").get(definition),
                buffer,
                field(definition));
    }

    private Object structure(Object schema) throws ReflectiveOperationException {
        Class<?> type = kafka.type("protocol.types.Struct");
        Class<?> boundField = kafka.type("protocol.types.BoundField");
        Object struct = type.getConstructor(kafka.type("protocol.types.Schema")).newInstance(schema);
        Object fields = kafka.type("protocol.types.Schema").getMethod("fields").invoke(schema);
        for (int i = 0; i < Array.getLength(fields); i++) {
            Object field = Array.get(fields, i);
            Object value = field(boundField.getField("def").get(field));
            KafkaMessages.invoke(type.getMethod("set", boundField, Object.class), struct, field, value);
        }
        return struct;
    }

    private Object field(Object definition) throws ReflectiveOperationException {
        Class<?> field = kafka.type("protocol.types.Field");
        return value(field.getField("type").get(definition), (String)
                field.getField("name").get(definition));
    }

    private Object value(Object type, String fieldName) throws ReflectiveOperationException {
        Class<?> anyType = kafka.type("protocol.types.Type");
        if ((boolean) anyType.getMethod("isNullable").invoke(type) && random.nextInt(4) == 0) {
            return null;
        }
        if (kafka.type("protocol.types.Schema").isInstance(type)) {
            return structure(type);
        }
        if (kafka.type("protocol.types.TaggedFields").isInstance(type)) {
            return taggedFields(type);
        }
        Optional<?> element =
                (Optional<?>) anyType.getMethod("arrayElementType").invoke(type);
        if (element.isPresent()) {
            Object[] array = new Object[random.nextInt(4)];
            for (int i = 0; i < array.length; i++) {
                array[i] = value(element.get(), fieldName);
            }
            return array;
        }
        return leaf(
                kafka.type("protocol.types.Type$DocumentedType")
                        .getMethod("typeName")
                        .invoke(type)
                        .toString(),
                fieldName);
    }

    private Object taggedFields(Object type) throws ReflectiveOperationException {
        Map<Integer, Object> tagged = new TreeMap<>();
        Field declared = type.getClass().getDeclaredField("fields");
        declared.setAccessible(true);
        Map<?, ?> fields = (Map<?, ?>) declared.get(type);
        for (Map.Entry<?, ?> field : fields.entrySet()) {
            if (random.nextBoolean()) {
                tagged.put((Integer) field.getKey(), field(field.getValue()));
            }
        }
        return tagged;
    }

    private Object leaf(String typeName, String fieldName) throws ReflectiveOperationException {
        return switch (typeName) {
            case "BOOLEAN" -> random.nextBoolean();
            case "INT8" -> (byte) random.nextInt();
            case "INT16" -> int16(fieldName);
            case "UINT16" -> values.unsigned16();
            case "INT32" -> fieldName.equals("throttle_time_ms") ? 0 : random.nextInt(); // read, but not kept
            case "UINT32" -> random.nextInt() & 0xffff_ffffL;
            case "INT64" -> random.nextLong();
            case "FLOAT64" -> random.nextDouble();
            case "UUID" ->
                kafka.type("Uuid")
                        .getConstructor(long.class, long.class)
                        .newInstance(random.nextLong(), random.nextLong());
            case "STRING", "COMPACT_STRING", "NULLABLE_STRING", "COMPACT_NULLABLE_STRING" -> values.string();
            case "BYTES", "COMPACT_BYTES", "NULLABLE_BYTES", "COMPACT_NULLABLE_BYTES" -> values.bytes();
            case "RECORDS", "COMPACT_RECORDS", "NULLABLE_RECORDS", "COMPACT_NULLABLE_RECORDS" ->
                kafka.memoryRecords()
                        .getMethod("readableRecords", ByteBuffer.class)
                        .invoke(null, values.bytes());
            default -> throw new AssertionError("No values for the type " + typeName);
        };
    }

    private short int16(String fieldName) {
        if (fieldName.contains("error_code")) {
            return values.errorCode().code();
        }
        boolean oneOfFour = fieldName.equals("security_protocol"); // Kafka's requests cannot be made with any other
        return (short) (oneOfFour ? random.nextInt(4) : random.nextInt());
    }
}
