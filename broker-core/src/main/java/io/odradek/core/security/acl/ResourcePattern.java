package io.odradek.core.security.acl;

/**
 * The resources that entries are for.
 *
 * @param type their kind
 * @param name what their names are, or begin with
 * @param pattern which of the two
 */
public record ResourcePattern(ResourceType type, String name, PatternType pattern)
        implements Comparable<ResourcePattern> {
    /** As a literal name, all of a kind. */
    public static final String WILDCARD = "*";

    @Override
    public int compareTo(ResourcePattern other) {
        int byType = type.compareTo(other.type);
        int byPattern = byType != 0 ? byType : pattern.compareTo(other.pattern);
        return byPattern != 0 ? byPattern : name.compareTo(other.name);
    }

    @Override
    public String toString() {
        return type.kafkaName() + ":" + pattern + ":" + name;
    }
}
