package io.odradek.core.config;

import java.util.List;

/**
 * A setting and its value, as DescribeConfigs shows it.
 *
 * @param name the setting
 * @param value its value, null if it has none or is sensitive
 * @param source where the value comes from
 * @param type its type
 * @param doc one line on what it does
 * @param sensitive whether its value is kept out of answers
 * @param readOnly whether it stays as it is while the broker runs
 * @param synonyms the values that are set, under this name and the weaker ones that mean the same, and the default, in
 *     order of precedence
 */
public record ConfigEntry(
        String name,
        String value,
        ConfigSource source,
        SettingType type,
        String doc,
        boolean sensitive,
        boolean readOnly,
        List<Synonym> synonyms) {
    /**
     * One of the places a value can come from.
     *
     * @param name the name it has there
     * @param value the value there, null if it is sensitive
     * @param source where
     */
    public record Synonym(String name, String value, ConfigSource source) {}
}
