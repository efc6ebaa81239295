package io.odradek.protocol.errors;

/** What clients have sent, as it stands in messages for people: no more of it than a reader needs, and in one line. */
public final class Quoted {
    private static final int MOST_CHARS = 200;

    private Quoted() {}

    /**
     * {@return the text, or its beginning and its length if it is long, with what could be taken for the end of a line or
     * move a terminal's cursor as backslash, u and its number; null stays null}
     */
    public static String text(String text) {
        if (text == null || text.length() <= MOST_CHARS) {
            return inOneLine(text);
        }
        int end = Character.isHighSurrogate(text.charAt(MOST_CHARS - 1)) ? MOST_CHARS - 1 : MOST_CHARS;
        return inOneLine(text.substring(0, end)) + "... (" + text.length() + " characters)";
    }

    private static String inOneLine(String text) {
        int at = 0;
        while (text != null && at < text.length() && !isControl(text.charAt(at))) {
            at++;
        }
        if (text == null || at == text.length()) {
            return text;
        }
        StringBuilder escaped = new StringBuilder(text.length() + 16).append(text, 0, at);
        for (; at < text.length(); at++) {
            char character = text.charAt(at);
            if (isControl(character)) {
                escaped.append(String.format("\\u%04x", (int) character));
            } else {
                escaped.append(character);
            }
        }
        return escaped.toString();
    }

    private static boolean isControl(char character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL, Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> true;
            default -> false;
        };
    }
}
