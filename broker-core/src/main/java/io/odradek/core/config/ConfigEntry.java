package io.odradek.core.config;

/**
 * A setting and its value, as DescribeConfigs shows it.
 *
 * @param name the setting
 * @param value its value, null if it has none or is sensitive
 * @param source where the value comes from
 * @param type its type
 * @param doc one line on what it does
 * @param sensitive whether its value is kept out of answers
 */
public record ConfigEntry(
        String name, String value, ConfigSource source, SettingType type, String doc, boolean sensitive) {}
