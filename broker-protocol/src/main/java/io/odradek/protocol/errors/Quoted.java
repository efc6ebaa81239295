package io.odradek.protocol.errors;

/** What clients have sent, as it stands in messages for people: no more of it than a reader needs. */
public final class Quoted {
    private static final int MOST_CHARS = 200;

    private Quoted() {}

    /** {@return the text, or its beginning and its length if it is long; null stays null} */
    public static String text(String text) {
        if (text == null || text.length() <= MOST_CHARS) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(MOST_CHARS - 1)) ? MOST_CHARS - 1 : MOST_CHARS;
        return text.substring(0, end) + "... (" + text.length() + " characters)";
    }
}
