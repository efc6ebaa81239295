package io.odradek.protocol.oracle;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The message classes of one version of Apache Kafka, reached by reflection so that two versions can stand side by side. */
final class KafkaMessages {
    private static final int LARGEST_MESSAGE_BYTES = 1 << 20;

    private final ClassLoader loader;
    private final Class<?> accessor;
    private final Map<String, Class<?>> found = new HashMap<>();
    private final ByteBuffer buffer = ByteBuffer.allocate(LARGEST_MESSAGE_BYTES);

    private KafkaMessages(ClassLoader loader) throws ClassNotFoundException {
        this.loader = loader;
        this.accessor = loader.loadClass("org.apache.kafka.common.protocol.ByteBufferAccessor");
    }

    /** {@return those on the test's own class path} */
    static KafkaMessages newest() throws ClassNotFoundException {
        return new KafkaMessages(KafkaMessages.class.getClassLoader());
    }

    /** {@return those of the jars that the build put into {@code target/oracle}} */
    static KafkaMessages older() throws IOException, ClassNotFoundException {
        return new KafkaMessages(KafkaJars.in("oracle"));
    }

    /** {@return the schema of a message's version, null if this Kafka does not have it} */
    Object schema(String message, short version) throws ReflectiveOperationException {
        Class<?> type = find(message);
        if (type == null) {
            return null;
        }
        Object[] schemas = (Object[]) type.getField("SCHEMAS").get(null);
        return version < schemas.length ? schemas[version] : null;
    }

    private Class<?> find(String message) {
        return found.computeIfAbsent(message, this::search);
    }

    private Class<?> search(String message) {
        for (String name : List.of(
                "org.apache.kafka.common.message." + message + "Data",
                "org.apache.kafka.common.message." + message,
                "org.apache.kafka.coordinator.group.generated." + message,
                "org.apache.kafka.coordinator.transaction.generated." + message)) {
            if (loader.getResource(name.replace('.', '/') + ".class") != null) {
                return load(name);
            }
        }
        return null;
    }

    private Class<?> load(String name) {
        try {
            return loader.loadClass(name);
        } catch (ClassNotFoundException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** {@return the message decoded, which must take all of the bytes} */
    Object decode(String message, byte[] bytes, short version) throws ReflectiveOperationException {
        ByteBuffer wrapped = ByteBuffer.wrap(bytes);
        Object in = accessor.getConstructor(ByteBuffer.class).newInstance(wrapped);
        Object data = find(message).getConstructor().newInstance();
        Class<?> readable = load("org.apache.kafka.common.protocol.Readable");
        invoke(data.getClass().getMethod("read", readable, short.class), data, in, version);
        if (wrapped.hasRemaining()) {
            throw new AssertionError(wrapped.remaining() + " bytes are left of " + message + " " + version);
        }
        return data;
    }

    byte[] encode(Object data, short version) throws ReflectiveOperationException {
        buffer.clear();
        Object out = accessor.getConstructor(ByteBuffer.class).newInstance(buffer);
        Class<?> cacheType = load("org.apache.kafka.common.protocol.ObjectSerializationCache");
        Object cache = cacheType.getConstructor().newInstance();
        Class<?> accumulator = load("org.apache.kafka.common.protocol.MessageSizeAccumulator");
        Method addSize = data.getClass().getMethod("addSize", accumulator, cacheType, short.class);
        invoke(addSize, data, accumulator.getConstructor().newInstance(), cache, version);
        Class<?> writable = load("org.apache.kafka.common.protocol.Writable");
        invoke(data.getClass().getMethod("write", writable, cacheType, short.class), data, out, cache, version);
        byte[] bytes = new byte[buffer.flip().remaining()];
        buffer.get(bytes);
        return bytes;
    }

    /** {@return the {@code AbstractResponse} with which Kafka says this error to a request, null if it says nothing} */
    Object errorAnswer(short key, short version, byte[] request, Object error) throws ReflectiveOperationException {
        Class<?> type = type("requests.AbstractRequest");
        Object parsed = parse(type, "parseRequest", apiKey(key), version, ByteBuffer.wrap(request));
        Object body = type("requests.RequestAndSize").getField("request").get(parsed);
        return invoke(type.getMethod("getErrorResponse", int.class, Throwable.class), body, 0, error);
    }

    /** {@return the {@code AbstractResponse} in these bytes} */
    Object answer(short key, short version, byte[] response) throws ReflectiveOperationException {
        return parse(
                type("requests.AbstractResponse"), "parseResponse", apiKey(key), ByteBuffer.wrap(response), version);
    }

    /** {@return the version of the header of a request's version, -1 if this Kafka does not have that} */
    short requestHeaderVersion(short key, short version) throws ReflectiveOperationException {
        return headerVersion("requestHeaderVersion", key, version);
    }

    /** {@return the version of the header of a response's version, -1 if this Kafka does not have that} */
    short responseHeaderVersion(short key, short version) throws ReflectiveOperationException {
        return headerVersion("responseHeaderVersion", key, version);
    }

    private short headerVersion(String method, short key, short version) throws ReflectiveOperationException {
        Class<?> keys = type("protocol.ApiKeys");
        Object api = (boolean) keys.getMethod("hasId", int.class).invoke(null, key) ? apiKey(key) : null;
        boolean known = api != null
                && (boolean) keys.getMethod("isVersionSupported", short.class).invoke(api, version);
        return known ? (short) keys.getMethod(method, short.class).invoke(api, version) : -1;
    }

    private Object apiKey(short key) throws ReflectiveOperationException {
        return type("protocol.ApiKeys").getMethod("forId", int.class).invoke(null, key);
    }

    /** Calls the static method, which takes a buffer as it is in the older Kafka and wrapped in the newer. */
    private Object parse(Class<?> type, String name, Object... arguments) throws ReflectiveOperationException {
        for (Method method : type.getMethods()) {
            if (method.getName().equals(name) && method.getParameterCount() == arguments.length) {
                boolean asItIs = List.of(method.getParameterTypes()).contains(ByteBuffer.class);
                for (int i = 0; i < arguments.length && !asItIs; i++) {
                    if (arguments[i] instanceof ByteBuffer) {
                        arguments[i] = accessor.getConstructor(ByteBuffer.class).newInstance(arguments[i]);
                    }
                }
                return invoke(method, null, arguments);
            }
        }
        throw new AssertionError(type + " has no " + name);
    }

    /** {@return a class of this Kafka} */
    Class<?> type(String name) {
        return load("org.apache.kafka.common." + name);
    }

    /** {@return the class of records in memory, which has moved between the versions} */
    Class<?> memoryRecords() {
        boolean moved = loader.getResource("org/apache/kafka/common/record/MemoryRecords.class") == null;
        return type(moved ? "record.internal.MemoryRecords" : "record.MemoryRecords");
    }

    static Object invoke(Method method, Object target, Object... arguments) throws ReflectiveOperationException {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException failed) {
            if (failed.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw failed;
        }
    }
}
