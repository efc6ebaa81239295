package io.odradek.protocol.oracle;

import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.wire.BytesPayload;
import io.odradek.protocol.wire.Payload;
import io.odradek.protocol.wire.Uuid;
import java.lang.reflect.Constructor;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Random instances of declared records, with a value in every component. */
final class RandomMessages {
    private final Random random;
    private final RandomValues values;

    RandomMessages(Random random) {
        this.random = random;
        this.values = new RandomValues(random);
    }

    Object next(Class<?> type) throws ReflectiveOperationException {
        RecordComponent[] components = type.getRecordComponents();
        Class<?>[] types = new Class<?>[components.length];
        Object[] arguments = new Object[components.length];
        for (int i = 0; i < components.length; i++) {
            types[i] = components[i].getType();
            // The only int that travels as 16 bits is a port; small values suit both.
            boolean port = components[i].getName().equals("port");
            arguments[i] = port ? Integer.valueOf(values.unsigned16()) : value(components[i].getGenericType());
        }
        Constructor<?> constructor = type.getDeclaredConstructor(types);
        return constructor.newInstance(arguments);
    }

    private Object value(Type type) throws ReflectiveOperationException {
        if (type instanceof ParameterizedType list) {
            return list(list.getActualTypeArguments()[0]);
        }
        Class<?> plain = (Class<?>) type;
        if (plain == boolean.class) {
            return random.nextBoolean();
        } else if (plain == byte.class || plain == Byte.class) {
            return (byte) random.nextInt();
        } else if (plain == short.class || plain == Short.class) {
            return (short) random.nextInt();
        } else if (plain == int.class || plain == Integer.class) {
            return random.nextInt();
        } else if (plain == long.class || plain == Long.class) {
            return random.nextLong();
        } else if (plain == double.class) {
            return random.nextDouble();
        } else if (plain == String.class) {
            return values.string();
        } else if (plain == ByteBuffer.class) {
            return values.bytes();
        } else if (plain == Payload.class) {
            return new BytesPayload(values.bytes());
        } else if (plain == Uuid.class) {
            return new Uuid(random.nextLong(), random.nextLong());
        } else if (plain == ErrorCode.class) {
            return values.errorCode();
        }
        return next(plain);
    }

    private List<Object> list(Type element) throws ReflectiveOperationException {
        List<Object> list = new ArrayList<>();
        for (int left = random.nextInt(4); left > 0; left--) {
            list.add(value(element));
        }
        return list;
    }
}
