package io.odradek.core.coordination.json;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A JSON object that was read. A field that is absent, null or of another type than asked for is an
 * {@link IllegalArgumentException} that names it, unless a default is given.
 *
 * @param fields the values by name, in document order: strings, longs, doubles, booleans, lists, {@code JsonObject}s, null
 */
public record JsonObject(Map<String, Object> fields) {
    /** {@return whether the field is there and not null} */
    public boolean has(String name) {
        return fields.get(name) != null;
    }

    /** {@return an integer field} */
    public int intAt(String name) {
        return Math.toIntExact(longAt(name));
    }

    /** {@return an integer field, or the default where it is absent} */
    public int intAt(String name, int absent) {
        return has(name) ? intAt(name) : absent;
    }

    /** {@return an integer field; whole numbers written as strings count, as Kafka writes some so} */
    public long longAt(String name) {
        Object value = fields.get(name);
        if (value instanceof Long number) {
            return number;
        }
        if (value instanceof String text) {
            return Long.parseLong(text);
        }
        throw wrong(name, "an integer");
    }

    /** {@return a string field} */
    public String stringAt(String name) {
        if (fields.get(name) instanceof String text) {
            return text;
        }
        throw wrong(name, "a string");
    }

    /** {@return a string field, or the default where it is absent or null} */
    public String stringAt(String name, String absent) {
        return has(name) ? stringAt(name) : absent;
    }

    /** {@return an object field} */
    public JsonObject objectAt(String name) {
        if (fields.get(name) instanceof JsonObject object) {
            return object;
        }
        throw wrong(name, "an object");
    }

    /** {@return a field that is a list of integers} */
    public List<Integer> intsAt(String name) {
        List<Integer> ints = new ArrayList<>();
        for (Object element : listAt(name)) {
            if (!(element instanceof Long number)) {
                throw wrong(name, "a list of integers");
            }
            ints.add(Math.toIntExact(number));
        }
        return List.copyOf(ints);
    }

    /** {@return a field that is a list of strings} */
    public List<String> stringsAt(String name) {
        List<String> strings = new ArrayList<>();
        for (Object element : listAt(name)) {
            if (!(element instanceof String text)) {
                throw wrong(name, "a list of strings");
            }
            strings.add(text);
        }
        return List.copyOf(strings);
    }

    /** {@return a field that is a list of objects} */
    public List<JsonObject> objectsAt(String name) {
        List<JsonObject> objects = new ArrayList<>();
        for (Object element : listAt(name)) {
            if (!(element instanceof JsonObject object)) {
                throw wrong(name, "a list of objects");
            }
            objects.add(object);
        }
        return List.copyOf(objects);
    }

    private List<?> listAt(String name) {
        if (fields.get(name) instanceof List<?> list) {
            return list;
        }
        throw wrong(name, "a list");
    }

    private static IllegalArgumentException wrong(String name, String wanted) {
        return new IllegalArgumentException("field \"" + name + "\" is not " + wanted);
    }
}
