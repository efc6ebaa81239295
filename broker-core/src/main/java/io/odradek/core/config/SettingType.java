package io.odradek.core.config;

import java.util.ArrayList;
import java.util.List;

/** The type of a setting's value: how its text is read, and the number that DescribeConfigs shows for it. */
public enum SettingType {
    BOOLEAN(1, "true or false"),
    STRING(2, "text"),
    INT(3, "a 32-bit integer"),
    SHORT(4, "a 16-bit integer"),
    LONG(5, "a 64-bit integer"),
    DOUBLE(6, "a number"),
    LIST(7, "a comma-separated list"),
    /** A list too, which Kafka shows as a STRING and lets nobody append to. */
    ITEMS(2, "a comma-separated list"),
    CLASS(8, "a class name"),
    PASSWORD(9, "text");

    private final byte code;
    private final String words;

    SettingType(int code, String words) {
        this.code = (byte) code;
        this.words = words;
    }

    /** {@return its number in a DescribeConfigs response} */
    public byte code() {
        return code;
    }

    /** {@return the type in words} */
    public String words() {
        return words;
    }

    /**
     * Reads a value.
     *
     * @return Boolean, String, Integer, Short, Long, Double or a List of Strings
     * @throws IllegalArgumentException if the text is not of this type
     */
    Object parse(String text) {
        String trimmed = text.trim();
        // A switch over its own constants would cost every start a class more.
        if (this == BOOLEAN) {
            return parseBoolean(trimmed);
        } else if (this == INT) {
            return Integer.valueOf(trimmed);
        } else if (this == SHORT) {
            return Short.valueOf(trimmed);
        } else if (this == LONG) {
            return Long.valueOf(trimmed);
        } else if (this == DOUBLE) {
            return Double.valueOf(trimmed);
        } else if (this == LIST || this == ITEMS) {
            return splitAtCommas(trimmed);
        }
        return this == PASSWORD ? text : trimmed;
    }

    private static Boolean parseBoolean(String text) {
        if (text.equalsIgnoreCase("true")) {
            return Boolean.TRUE;
        }
        if (text.equalsIgnoreCase("false")) {
            return Boolean.FALSE;
        }
        throw new IllegalArgumentException(text);
    }

    private static List<String> splitAtCommas(String text) {
        List<String> items = new ArrayList<>();
        int start = 0;
        while (start <= text.length()) {
            int comma = text.indexOf(',', start);
            int end = comma < 0 ? text.length() : comma;
            String item = text.substring(start, end).trim();
            if (!item.isEmpty()) {
                items.add(item);
            }
            start = end + 1;
        }
        return List.copyOf(items);
    }
}
