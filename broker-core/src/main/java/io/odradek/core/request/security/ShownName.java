package io.odradek.core.request.security;

/** Names as messages have them: the longest that there can be would leave no room for a word about them. */
final class ShownName {
    private static final int MOST_CHARACTERS = 200;

    private ShownName() {}

    static String of(String name) {
        return name.length() <= MOST_CHARACTERS ? name : name.substring(0, MOST_CHARACTERS) + "...";
    }
}
