package io.odradek.server.tools.configs;

import io.odradek.server.tools.UsageException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads settings from a command line: {@code a=1,b=[2,3]}. */
final class SettingList {
    private SettingList() {}

    /** {@return the settings, in the order given} @param given them; null for none */
    static Map<String, String> settings(String given) {
        Map<String, String> settings = new LinkedHashMap<>();
        for (String each : split(given)) {
            int equals = each.indexOf('=');
            UsageException.when(equals < 1, "\"" + each + "\" in --add-config is not KEY=VALUE");
            String value = each.substring(equals + 1).strip();
            boolean bracketed = value.startsWith("[") && value.endsWith("]");
            String name = each.substring(0, equals).strip();
            String former = settings.put(name, bracketed ? value.substring(1, value.length() - 1) : value);
            UsageException.when(former != null, "--add-config sets " + name + " twice");
        }
        return settings;
    }

    /** Splits at commas, but for those in brackets. */
    private static List<String> split(String given) {
        List<String> parts = new ArrayList<>();
        if (given == null) {
            return parts;
        }
        int depth = 0;
        int start = 0;
        for (int i = 0; i <= given.length(); i++) {
            char next = i == given.length() ? ',' : given.charAt(i);
            depth += next == '[' ? 1 : next == ']' ? -1 : 0;
            UsageException.when(i == given.length() && depth != 0, "\"" + given + "\" has a bracket without its other");
            if (next == ',' && depth <= 0) {
                if (!given.substring(start, i).isBlank()) {
                    parts.add(given.substring(start, i).strip());
                }
                start = i + 1;
            }
        }
        return parts;
    }

    /** {@return names separated by commas} @param given them; null for none */
    static List<String> names(String given) {
        return given == null
                ? List.of()
                : Arrays.stream(given.split(","))
                        .map(String::strip)
                        .filter(name -> !name.isEmpty())
                        .toList();
    }
}
