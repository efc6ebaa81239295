package io.odradek.server.admin;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * A part of a list that is sorted by name.
 *
 * @param items what is in it
 * @param total how many there are in all
 * @param next the name after which the next part begins, null if there is none
 */
record Page<T>(List<T> items, int total, String next) {
    /**
     * Cuts a part out of a list.
     *
     * @param after the name after which it begins, empty for the first
     * @param limit how many it has at most
     */
    static <T> Page<T> of(SortedMap<String, T> all, String after, int limit) {
        List<T> items = new ArrayList<>();
        String last = null;
        for (Map.Entry<String, T> entry : all.tailMap(after).entrySet()) {
            if (entry.getKey().equals(after)) {
                continue;
            }
            if (items.size() == limit) {
                return new Page<>(items, all.size(), last);
            }
            items.add(entry.getValue());
            last = entry.getKey();
        }
        return new Page<>(items, all.size(), null);
    }
}
