package io.odradek.core.config;

import java.util.List;

/**
 * A broker setting.
 *
 * @param name Kafka's name for it, or one that starts with {@code odradek.}
 * @param type its type
 * @param defaultText its default as one would write it, or null for none
 * @param allowed what it takes
 * @param doc one line on what it does
 * @param effect whether this broker does it
 */
public record Setting(String name, SettingType type, String defaultText, Allowed allowed, String doc, Effect effect) {
    /** What comes of a setting that Kafka has. */
    public enum Effect {
        /** It does what its line says. */
        SERVED,
        /** It is taken, and nothing comes of it, which is said. */
        NONE,
        /** Nothing comes of it, and whoever relied on it would be harmed: it is refused. */
        REFUSED
    }

    /** {@return the same under another name, and without a default} */
    Setting named(String other) {
        return new Setting(other, type, null, allowed, doc, effect);
    }

    /** {@return whether a value asks for something else than the default; an empty one asks for nothing} */
    boolean isChangedBy(String text) {
        return !text.isBlank() && (defaultText == null || !parse(text).equals(parse(defaultText)));
    }

    /** {@return whether its value is kept out of logs and answers} */
    public boolean sensitive() {
        return type == SettingType.PASSWORD;
    }

    /**
     * Checks a value.
     *
     * @throws ConfigException if it is not allowed
     */
    public void check(String text) {
        parse(text);
    }

    /**
     * Reads a value.
     *
     * @throws ConfigException if it is not allowed
     */
    Object parse(String text) {
        Object value;
        try {
            value = type.parse(text);
        } catch (IllegalArgumentException wrongType) {
            throw refuse(text);
        }
        if (value instanceof List<?> items) {
            for (Object item : items) {
                if (!allowed.allows(item)) {
                    throw refuse(text);
                }
            }
        } else if (!allowed.allows(value)) {
            throw refuse(text);
        }
        return value;
    }

    private ConfigException refuse(String text) {
        String expected = allowed.describe();
        return new ConfigException(
                name,
                sensitive() ? "[hidden]" : text,
                expected.isEmpty() ? type.words() : type.words() + " " + expected);
    }
}
