package io.odradek.protocol.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.wire.BytesPayload;
import io.odradek.protocol.wire.Uuid;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Compares a decoded record with Kafka's object for the same bytes, component by component, defaults included. A field that
 * this Kafka no longer has, or has not yet, is noted as missing.
 */
final class SameContent {
    private final Set<String> missing = new TreeSet<>();

    /** {@return the components, as {@code Record.component}, that Kafka's objects did not have} */
    Set<String> missing() {
        return missing;
    }

    void assertSame(Object ours, Object kafkas, String path) throws ReflectiveOperationException {
        if (ours == null || kafkas == null) {
            assertThat(ours == null).as(path + " is null").isEqualTo(kafkas == null);
        } else if (ours instanceof Record record) {
            assertSameRecord(record, kafkas, path);
        } else if (ours instanceof List<?> list) {
            Collection<?> others = (Collection<?>) kafkas;
            assertThat(list).as(path).hasSameSizeAs(others);
            Iterator<?> other = others.iterator();
            for (int i = 0; i < list.size(); i++) {
                assertSame(list.get(i), other.next(), path + "[" + i + "]");
            }
        } else {
            assertThat(plain(ours)).as(path).isEqualTo(plain(kafkas));
        }
    }

    private void assertSameRecord(Record ours, Object kafkas, String path) throws ReflectiveOperationException {
        if (ours instanceof Uuid || ours instanceof BytesPayload) {
            assertThat(plain(ours)).as(path).isEqualTo(plain(kafkas));
            return;
        }
        for (RecordComponent component : ours.getClass().getRecordComponents()) {
            Object value = component.getAccessor().invoke(ours);
            String name = component.getName();
            Method getter = getter(kafkas.getClass(), name);
            if (getter == null) {
                missing.add(ours.getClass().getSimpleName() + "." + name);
            } else {
                assertSame(value, getter.invoke(kafkas), path + "." + name);
            }
        }
    }

    /** {@return the getter; those of a request header's key and version have a prefix, since every message has an apiKey()} */
    private static Method getter(Class<?> type, String name) {
        String prefixed = "request" + Character.toUpperCase(name.charAt(0)) + name.substring(1);
        Method plain = null;
        for (Method method : type.getMethods()) {
            if (method.getParameterCount() == 0 && method.getName().equals(prefixed)) {
                return method;
            }
            if (method.getParameterCount() == 0 && method.getName().equals(name)) {
                plain = method;
            }
        }
        return plain;
    }

    private static Object plain(Object value) throws ReflectiveOperationException {
        if (value instanceof ErrorCode error) {
            return error.code();
        } else if (value instanceof BytesPayload payload) {
            return payload.buffer();
        } else if (value instanceof byte[] bytes) {
            return ByteBuffer.wrap(bytes);
        }
        return switch (value.getClass().getSimpleName()) {
            case "Uuid" -> value.toString();
            case "MemoryRecords" -> value.getClass().getMethod("buffer").invoke(value);
            default -> value;
        };
    }
}
