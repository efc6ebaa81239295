package io.odradek.server.storm;

import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.ApiRequest;
import io.odradek.protocol.wire.BytesPayload;
import io.odradek.protocol.wire.Payload;
import io.odradek.protocol.wire.Uuid;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * Random requests of any API, built from the declarations of their records. Most are small; some are as large as a frame
 * may be, with the same element very many times, for which the client pays nothing; some name very many different things.
 */
final class RandomRequests {
    private static final int SMALL_BYTES = 4_000;
    private static final int LARGE_BYTES = 200_000;
    private static final int HUGE_BYTES = 6_000_000;
    private static final int LARGE_PERMILLE = 30;
    private static final int HUGE_PERMILLE = 8;
    private static final int SPREAD_PERMILLE = 15;
    private static final int SCALAR_BYTES = 4;

    private final Random random;
    private final RandomFields fields;
    private final RandomBatches batches;
    private int nullPercent;
    private boolean spread;
    private int bytesLeft;

    RandomRequests(Random random, RandomFields fields, RandomBatches batches) {
        this.random = random;
        this.fields = fields;
        this.batches = batches;
    }

    /**
     * {@return a request}
     *
     * @param mayBeNull whether fields are null now and then, which not every version can encode
     */
    ApiRequest next(ApiKey api, boolean mayBeNull) {
        spread = fields.permille(SPREAD_PERMILLE);
        boolean huge = !spread && fields.permille(HUGE_PERMILLE);
        fields.begin(api, spread, huge && random.nextBoolean());
        nullPercent = mayBeNull ? 5 : 0;
        bytesLeft = SMALL_BYTES;
        if (huge) {
            bytesLeft = HUGE_BYTES;
        } else if (spread || fields.permille(LARGE_PERMILLE)) {
            bytesLeft = LARGE_BYTES;
        }
        return (ApiRequest) record(requestType(api));
    }

    private static Class<?> requestType(ApiKey api) {
        StringBuilder name = new StringBuilder("io.odradek.protocol.api.");
        for (String word : api.name().split("_")) {
            name.append(word.charAt(0)).append(word.substring(1).toLowerCase(java.util.Locale.ROOT));
        }
        try {
            return Class.forName(name.append("Request").toString());
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    private Object record(Class<?> type) {
        RecordComponent[] components = type.getRecordComponents();
        Class<?>[] types = new Class<?>[components.length];
        Object[] values = new Object[components.length];
        for (int i = 0; i < components.length; i++) {
            types[i] = components[i].getType();
            boolean none =
                    fields.none(components[i].getName()) || !types[i].isPrimitive() && fields.chance(nullPercent);
            values[i] = none ? null : value(type, components[i].getName(), components[i].getGenericType());
        }
        try {
            return type.getDeclaredConstructor(types).newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private Object value(Class<?> owner, String field, Type type) {
        if (type instanceof ParameterizedType list) {
            return list(owner, field, list.getActualTypeArguments()[0]);
        }
        bytesLeft -= SCALAR_BYTES;
        Class<?> plain = (Class<?>) type;
        if (plain == boolean.class) {
            return random.nextBoolean();
        } else if (plain == byte.class || plain == Byte.class) {
            return (byte) fields.number(field);
        } else if (plain == short.class || plain == Short.class) {
            return (short) fields.number(field);
        } else if (plain == int.class || plain == Integer.class) {
            return (int) fields.number(field);
        } else if (plain == long.class || plain == Long.class) {
            return fields.number(field);
        } else if (plain == double.class) {
            return random.nextBoolean() ? fields.number(field) : random.nextGaussian();
        } else if (plain == Uuid.class) {
            bytesLeft -= 3 * SCALAR_BYTES;
            return fields.uuid();
        } else if (plain == String.class) {
            String text = fields.string(owner.getSimpleName(), field);
            bytesLeft -= text.length();
            return text;
        } else if (plain == ByteBuffer.class) {
            return counted(fields.bytes());
        } else if (plain == Payload.class) {
            return new BytesPayload(counted(batches.next()));
        }
        return record(plain);
    }

    private ByteBuffer counted(ByteBuffer bytes) {
        bytesLeft -= bytes.remaining();
        return bytes;
    }

    private List<Object> list(Class<?> owner, String field, Type element) {
        boolean many = bytesLeft > SMALL_BYTES && fields.chance(50);
        int wanted = fields.chance(15) ? 0 : 1 + random.nextInt(3);
        if (many && spread) {
            wanted = Integer.MAX_VALUE;
        }
        List<Object> list = new ArrayList<>();
        while (list.size() < wanted && bytesLeft > 0) {
            int before = bytesLeft;
            Object one = value(owner, field, element);
            list.add(one);
            if (many && !spread && bytesLeft > 0) {
                int eachBytes = Math.max(1, before - bytesLeft);
                int times = bytesLeft / eachBytes;
                bytesLeft -= times * eachBytes;
                list.addAll(Collections.nCopies(times, one));
            }
        }
        return list;
    }
}
