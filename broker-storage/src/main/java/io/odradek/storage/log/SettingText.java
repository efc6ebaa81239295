package io.odradek.storage.log;

import java.util.ArrayList;
import java.util.List;

/** Reads the textual forms of settings. */
final class SettingText {
    private SettingText() {}

    /** {@return the comma-separated parts, trimmed; none for the empty text} */
    static List<String> list(String text) {
        List<String> parts = new ArrayList<>(2);
        int from = 0;
        while (from < text.length()) {
            int comma = text.indexOf(',', from);
            int to = comma < 0 ? text.length() : comma;
            parts.add(text.substring(from, to).trim());
            from = to + 1;
        }
        return List.copyOf(parts);
    }

    /**
     * {@return true or false, in any case of letters}
     *
     * @throws NumberFormatException if it is neither
     */
    static Boolean bool(String text) {
        if (text.equalsIgnoreCase("true")) {
            return Boolean.TRUE;
        }
        if (text.equalsIgnoreCase("false")) {
            return Boolean.FALSE;
        }
        throw new NumberFormatException("neither true nor false: " + text);
    }
}
