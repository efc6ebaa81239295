package io.odradek.server.metrics;

import java.util.Arrays;

/**
 * Names and values that tell meters of one name apart, in the order in which whoever counts gives them, which is always the
 * same for one name. Not copied: whoever asks for meters does not change what it has given.
 */
final class Tags implements Comparable<Tags> {
    static final Tags NONE = new Tags();

    private final String[] pairs;

    Tags(String... pairs) {
        if (pairs.length % 2 != 0) {
            throw new IllegalArgumentException("A tag has no value: " + Arrays.toString(pairs));
        }
        this.pairs = pairs;
    }

    int size() {
        return pairs.length / 2;
    }

    String name(int index) {
        return pairs[2 * index];
    }

    String value(int index) {
        return pairs[2 * index + 1];
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Tags tags && Arrays.equals(pairs, tags.pairs);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(pairs);
    }

    /** Numbers in values come in the order of their digits only: what matters is that the order is always the same. */
    @Override
    public int compareTo(Tags other) {
        return Arrays.compare(pairs, other.pairs);
    }

    @Override
    public String toString() {
        return Arrays.toString(pairs);
    }
}
