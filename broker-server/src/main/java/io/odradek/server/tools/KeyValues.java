package io.odradek.server.tools;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Options that are given as {@code KEY=VALUE}. */
public final class KeyValues {
    private KeyValues() {}

    /**
     * {@return what they say; the last one of a name holds}
     *
     * @param given each as {@code KEY=VALUE}; without a value it is empty, as with Kafka's tools
     * @throws UsageException if one has no name
     */
    public static Map<String, String> of(List<String> given) {
        Map<String, String> values = new LinkedHashMap<>();
        for (String each : given) {
            int equals = each.indexOf('=');
            String name = equals < 0 ? each : each.substring(0, equals);
            UsageException.when(name.isBlank(), "\"" + each + "\" is not KEY=VALUE");
            values.put(name, equals < 0 ? "" : each.substring(equals + 1));
        }
        return values;
    }
}
