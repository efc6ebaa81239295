package io.odradek.core.coordination.node;

import java.util.Collection;
import java.util.TreeMap;

/**
 * The order in which hash tables list their names. Kafka writes the fields of some objects in the order of its tables (Scala's
 * for the partitions of a topic, Java's for settings), and so do we: it is the same wherever and whenever it is computed.
 */
final class HashOrder {
    private static final int LEAST_BINS = 16;

    private HashOrder() {}

    /** {@return the names in the order of a {@code scala.collection.mutable.HashMap}: a bin is sorted by the hashes} */
    static Collection<String> ofScala(Collection<String> names) {
        return order(names, true);
    }

    /** {@return the names in the order of a {@code java.util.Properties}: a bin has the order in which they came} */
    static Collection<String> ofJava(Collection<String> names) {
        return order(names, false);
    }

    private static Collection<String> order(Collection<String> names, boolean byHash) {
        int bins = LEAST_BINS;
        while (names.size() >= bins / 4 * 3) {
            bins *= 2;
        }
        TreeMap<Long, String> ordered = new TreeMap<>();
        int came = 0;
        for (String name : names) {
            int hash = name.hashCode() ^ name.hashCode() >>> 16;
            long bin = hash & bins - 1;
            long place = bin << 32 | (byHash ? hash + (1L << 31) : came++);
            ordered.put(place, name);
        }
        return ordered.values();
    }
}
