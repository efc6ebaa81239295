package io.odradek.core.coordination.json;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads one JSON text (RFC 8259) into maps in document order, lists, strings, {@link Long}s, {@link Double}s, booleans and
 * null. Nesting is bounded, and so is everything else by the length of the text.
 */
public final class JsonReader {
    private static final int MAX_DEPTH = 32;

    private final String text;
    private int position;

    private JsonReader(String text) {
        this.text = text;
    }

    /**
     * Reads a text whose outermost value is an object.
     *
     * @param utf8 the text
     * @throws IllegalArgumentException if it is not that; the message says what and where
     */
    public static JsonObject readObject(byte[] utf8) {
        JsonReader reader = new JsonReader(new String(utf8, StandardCharsets.UTF_8));
        Object value = reader.value(0);
        reader.skipSpace();
        if (reader.position != reader.text.length()) {
            throw reader.wrong("text after the value");
        }
        if (!(value instanceof JsonObject object)) {
            throw new IllegalArgumentException("not a JSON object");
        }
        return object;
    }

    private Object value(int depth) {
        if (depth > MAX_DEPTH) {
            throw wrong("more than " + MAX_DEPTH + " levels");
        }
        skipSpace();
        char next = peek();
        return switch (next) {
            case '{' -> object(depth);
            case '[' -> list(depth);
            case '"' -> string();
            case 't' -> word("true", Boolean.TRUE);
            case 'f' -> word("false", Boolean.FALSE);
            case 'n' -> word("null", null);
            default -> number();
        };
    }

    private JsonObject object(int depth) {
        position++;
        Map<String, Object> fields = new LinkedHashMap<>();
        skipSpace();
        if (peek() == '}') {
            position++;
            return new JsonObject(fields);
        }
        while (true) {
            skipSpace();
            if (peek() != '"') {
                throw wrong("a field's name is missing");
            }
            String name = string();
            skipSpace();
            expect(':');
            fields.put(name, value(depth + 1));
            skipSpace();
            if (peek() == '}') {
                position++;
                return new JsonObject(fields);
            }
            expect(',');
        }
    }

    private List<Object> list(int depth) {
        position++;
        List<Object> elements = new ArrayList<>();
        skipSpace();
        if (peek() == ']') {
            position++;
            return elements;
        }
        while (true) {
            elements.add(value(depth + 1));
            skipSpace();
            if (peek() == ']') {
                position++;
                return elements;
            }
            expect(',');
        }
    }

    private String string() {
        position++;
        StringBuilder out = new StringBuilder();
        while (true) {
            char next = take();
            if (next == '"') {
                return out.toString();
            }
            if (next < 0x20) {
                throw wrong("a control character inside a string");
            }
            out.append(next == '\\' ? escaped() : next);
        }
    }

    private char escaped() {
        char kind = take();
        return switch (kind) {
            case '"', '\\', '/' -> kind;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> unicode();
            default -> throw wrong("an unknown escape");
        };
    }

    private char unicode() {
        int code = 0;
        for (int i = 0; i < 4; i++) {
            int digit = Character.digit(take(), 16);
            if (digit < 0) {
                throw wrong("a broken unicode escape");
            }
            code = code * 16 + digit;
        }
        return (char) code;
    }

    private Object word(String word, Object meaning) {
        if (!text.startsWith(word, position)) {
            throw wrong("an unknown word");
        }
        position += word.length();
        return meaning;
    }

    private Object number() {
        int start = position;
        boolean whole = true;
        while (position < text.length() && "+-.eE0123456789".indexOf(text.charAt(position)) >= 0) {
            char next = text.charAt(position++);
            whole &= next != '.' && next != 'e' && next != 'E';
        }
        String digits = text.substring(start, position);
        try {
            if (whole) {
                return Long.valueOf(digits);
            }
            return Double.valueOf(digits);
        } catch (NumberFormatException e) {
            position = start;
            throw wrong("neither a value nor a number");
        }
    }

    private void skipSpace() {
        while (position < text.length() && " \t\r\n".indexOf(text.charAt(position)) >= 0) {
            position++;
        }
    }

    private void expect(char wanted) {
        if (take() != wanted) {
            position--;
            throw wrong("'" + wanted + "' is missing");
        }
    }

    private char take() {
        char next = peek();
        position++;
        return next;
    }

    private char peek() {
        if (position >= text.length()) {
            throw wrong("the text ends too early");
        }
        return text.charAt(position);
    }

    private IllegalArgumentException wrong(String what) {
        return new IllegalArgumentException("not JSON: " + what + " at character " + position);
    }
}
