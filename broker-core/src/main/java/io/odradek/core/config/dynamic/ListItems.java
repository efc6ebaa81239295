package io.odradek.core.config.dynamic;

import io.odradek.core.config.dynamic.TopicConfigChange.Kind;
import io.odradek.core.config.dynamic.TopicConfigChange.Operation;
import java.util.ArrayList;
import java.util.List;

/** Lists in the text of a setting, with items that are appended to them or subtracted from them (KIP-339). */
final class ListItems {
    private ListItems() {}

    /** {@return the list after an operation of the kinds APPEND and SUBTRACT} */
    static String after(Operation operation, String before) {
        List<String> items = items(before);
        List<String> change = items(operation.value());
        items.removeAll(operation.kind() == Kind.SUBTRACT ? change : List.of());
        for (String item : operation.kind() == Kind.APPEND ? change : List.<String>of()) {
            if (!items.contains(item)) {
                items.add(item);
            }
        }
        return String.join(",", items);
    }

    private static List<String> items(String text) {
        List<String> items = new ArrayList<>();
        for (String item : text.split(",")) {
            if (!item.isBlank()) {
                items.add(item.trim());
            }
        }
        return items;
    }
}
