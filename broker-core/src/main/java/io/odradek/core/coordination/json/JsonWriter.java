package io.odradek.core.coordination.json;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Writes one JSON object, fields in the order of the calls, escaped as Jackson does by default, with which Kafka writes its own.
 * A null string is written as {@code null}.
 */
public final class JsonWriter {
    private static final String HEX = "0123456789ABCDEF";

    private final StringBuilder out = new StringBuilder("{");
    private boolean first = true;

    /** Adds an integer field. */
    public JsonWriter field(String name, long value) {
        name(name);
        out.append(value);
        return this;
    }

    /** Adds a field that is true or false. */
    public JsonWriter field(String name, boolean value) {
        name(name);
        out.append(value);
        return this;
    }

    /** Adds a string field. */
    public JsonWriter field(String name, String value) {
        name(name);
        string(value);
        return this;
    }

    /** Adds an object field; null is written as {@code null}. */
    public JsonWriter field(String name, JsonWriter object) {
        name(name);
        out.append(object == null ? "null" : object.text());
        return this;
    }

    /** Adds a field that is a list of objects. */
    public JsonWriter objects(String name, List<JsonWriter> values) {
        name(name);
        out.append('[');
        for (int i = 0; i < values.size(); i++) {
            out.append(i == 0 ? "" : ",").append(values.get(i).text());
        }
        out.append(']');
        return this;
    }

    /** Adds a field that is a list of integers. */
    public JsonWriter ints(String name, List<Integer> values) {
        name(name);
        out.append('[');
        for (int i = 0; i < values.size(); i++) {
            out.append(i == 0 ? "" : ",").append(values.get(i).intValue());
        }
        out.append(']');
        return this;
    }

    /** Adds a field that is a list of strings. */
    public JsonWriter strings(String name, List<String> values) {
        name(name);
        out.append('[');
        for (int i = 0; i < values.size(); i++) {
            out.append(i == 0 ? "" : ",");
            string(values.get(i));
        }
        out.append(']');
        return this;
    }

    /** {@return the object's text} */
    public String text() {
        return out + "}";
    }

    /** {@return the object's text in UTF-8} */
    public byte[] bytes() {
        return text().getBytes(StandardCharsets.UTF_8);
    }

    private void name(String name) {
        if (!first) {
            out.append(',');
        }
        first = false;
        string(name);
        out.append(':');
    }

    private void string(String value) {
        if (value == null) {
            out.append("null");
            return;
        }
        out.append('"');
        for (int i = 0; i < value.length(); i++) {
            character(value.charAt(i));
        }
        out.append('"');
    }

    private void character(char value) {
        if (value == '"' || value == '\\') {
            out.append('\\').append(value);
        } else if (value >= '\b' && value <= '\r' && value != 0x0b) {
            out.append('\\').append("btn.fr".charAt(value - '\b'));
        } else if (value < 0x20) {
            out.append("\\u00").append(HEX.charAt(value >> 4)).append(HEX.charAt(value & 15));
        } else {
            out.append(value);
        }
    }
}
