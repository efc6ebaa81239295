package io.odradek.server.json;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/** Writes JSON (RFC 8259) of maps, lists, strings, numbers, booleans and null; fields keep their order. */
public final class Json {
    private static final char[] HEX = "0123456789abcdef".toCharArray();

    private Json() {}

    /** {@return an object to add fields to} @param namesAndValues its first fields, names and values in turn */
    public static Map<String, Object> object(Object... namesAndValues) {
        Map<String, Object> object = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            object.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return object;
    }

    /** {@return the text of a value} */
    public static String text(Object value) {
        StringBuilder out = new StringBuilder();
        write(out, value);
        return out.toString();
    }

    private static void write(StringBuilder out, Object value) {
        if (value instanceof Map<?, ?> object) {
            writeObject(out, object);
        } else if (value instanceof Iterable<?> list) {
            writeList(out, list);
        } else if (value instanceof Double number && !Double.isFinite(number)) {
            out.append("null");
        } else if (value == null || value instanceof Number || value instanceof Boolean) {
            out.append(value);
        } else {
            writeString(out, value.toString());
        }
    }

    private static void writeObject(StringBuilder out, Map<?, ?> object) {
        out.append('{');
        boolean first = true;
        for (Map.Entry<?, ?> field : object.entrySet()) {
            out.append(first ? "" : ",");
            first = false;
            writeString(out, field.getKey().toString());
            out.append(':');
            write(out, field.getValue());
        }
        out.append('}');
    }

    private static void writeList(StringBuilder out, Iterable<?> list) {
        out.append('[');
        for (Iterator<?> values = list.iterator(); values.hasNext(); ) {
            write(out, values.next());
            out.append(values.hasNext() ? "," : "");
        }
        out.append(']');
    }

    private static void writeString(StringBuilder out, String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char next = text.charAt(i);
            if (next == '"' || next == '\\') {
                out.append('\\').append(next);
            } else if (mustBeEscaped(text, i)) {
                out.append("\\u");
                for (int shift = 12; shift >= 0; shift -= 4) {
                    out.append(HEX[next >> shift & 15]);
                }
            } else {
                out.append(next);
            }
        }
        out.append('"');
    }

    /** Control characters, what would end a script, and halves of a character that UTF-8 cannot write. */
    private static boolean mustBeEscaped(String text, int index) {
        char next = text.charAt(index);
        if (Character.isHighSurrogate(next)) {
            return index + 1 == text.length() || !Character.isLowSurrogate(text.charAt(index + 1));
        }
        if (Character.isLowSurrogate(next)) {
            return index == 0 || !Character.isHighSurrogate(text.charAt(index - 1));
        }
        return next < 0x20 || next == 0x7f || next == '<' || next == '\u2028' || next == '\u2029';
    }
}
