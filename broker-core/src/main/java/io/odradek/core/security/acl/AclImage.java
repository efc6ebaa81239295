package io.odradek.core.security.acl;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * All entries at one moment. Immutable; what is looked up is found by the literal name, by the wildcard, and by as many
 * beginnings of the name as there are lengths of prefixes.
 */
public final class AclImage {
    /** There are no entries. */
    public static final AclImage EMPTY = new AclImage(new TreeMap<>(), new OfType[ResourceType.values().length]);

    private final SortedMap<ResourcePattern, List<AclEntry>> all;
    private final OfType[] byType;

    /** What the entries say of a question. */
    public enum Answer {
        /** One forbids it, or none allows it. */
        DENIED,
        /** One allows it, and none forbids it. */
        ALLOWED,
        /** There is no entry for the resource at all. */
        NO_ENTRY
    }

    private AclImage(SortedMap<ResourcePattern, List<AclEntry>> all, OfType[] byType) {
        this.all = all;
        this.byType = byType;
    }

    /**
     * {@return this image with other entries for some patterns}
     *
     * @param changes all entries of each; null where there is nothing any more. A pattern without entries is one all the same
     */
    public AclImage with(Map<ResourcePattern, List<AclEntry>> changes) {
        SortedMap<ResourcePattern, List<AclEntry>> next = new TreeMap<>(all);
        boolean[] changed = new boolean[byType.length];
        changes.forEach((pattern, entries) -> {
            if (entries == null) {
                next.remove(pattern);
            } else {
                next.put(pattern, List.copyOf(entries));
            }
            changed[pattern.type().ordinal()] = true;
        });
        OfType[] types = byType.clone();
        for (ResourceType type : ResourceType.values()) {
            if (changed[type.ordinal()]) {
                types[type.ordinal()] = OfType.of(type, next);
            }
        }
        return new AclImage(next, types);
    }

    /** {@return the entries, by pattern} */
    public SortedMap<ResourcePattern, List<AclEntry>> all() {
        return Collections.unmodifiableSortedMap(all);
    }

    /** {@return the bindings that a filter matches, by pattern} */
    public List<AclBinding> matching(AclFilter filter) {
        List<AclBinding> found = new ArrayList<>();
        all.forEach((pattern, entries) -> {
            if (filter.resources().match(pattern)) {
                for (AclEntry entry : entries) {
                    if (filter.matches(entry)) {
                        found.add(new AclBinding(pattern, entry));
                    }
                }
            }
        });
        return found;
    }

    /** {@return what the entries say of somebody who wants to do something with one resource} */
    public Answer answer(String principal, String host, AclOperation operation, ResourceType type, String name) {
        OfType entries = byType[type.ordinal()];
        return entries == null ? Answer.NO_ENTRY : new Question(principal, host, operation).of(entries, name);
    }

    /** The entries of one kind of resources. */
    private record OfType(Map<String, List<AclEntry>> literal, Map<String, List<AclEntry>> prefixed, int[] lengths) {
        static OfType of(ResourceType type, SortedMap<ResourcePattern, List<AclEntry>> all) {
            Map<String, List<AclEntry>> literal = new HashMap<>();
            Map<String, List<AclEntry>> prefixed = new HashMap<>();
            all.forEach((pattern, entries) -> {
                if (pattern.type() == type) {
                    (pattern.pattern() == PatternType.LITERAL ? literal : prefixed).put(pattern.name(), entries);
                }
            });
            int[] lengths = prefixed.keySet().stream()
                    .mapToInt(String::length)
                    .distinct()
                    .sorted()
                    .toArray();
            return literal.isEmpty() && prefixed.isEmpty() ? null : new OfType(literal, prefixed, lengths);
        }
    }

    /** Who asks, and for what. */
    private static final class Question {
        private final String principal;
        private final String host;
        private final AclOperation operation;
        private boolean found;
        private boolean allowed;

        Question(String principal, String host, AclOperation operation) {
            this.principal = principal;
            this.host = host;
            this.operation = operation;
        }

        Answer of(OfType entries, String name) {
            boolean denied = denies(entries.literal().get(name))
                    || denies(entries.literal().get(ResourcePattern.WILDCARD));
            for (int i = 0; !denied && i < entries.lengths().length && entries.lengths()[i] <= name.length(); i++) {
                denied = denies(entries.prefixed().get(name.substring(0, entries.lengths()[i])));
            }
            if (denied || found && !allowed) {
                return Answer.DENIED;
            }
            return found ? Answer.ALLOWED : Answer.NO_ENTRY;
        }

        /** {@return whether one of them forbids it; notes whether one allows it} */
        private boolean denies(List<AclEntry> entries) {
            if (entries == null) {
                return false;
            }
            found = true;
            for (AclEntry entry : entries) {
                if (!entry.concerns(principal, host)) {
                    continue;
                }
                if (entry.permission() == AclPermission.ALLOW) {
                    allowed |= entry.operation().implies(operation);
                } else if (entry.operation() == operation || entry.operation() == AclOperation.ALL) {
                    return true;
                }
            }
            return false;
        }
    }
}
