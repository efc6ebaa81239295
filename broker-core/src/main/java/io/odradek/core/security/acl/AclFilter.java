package io.odradek.core.security.acl;

/**
 * Matches bindings. What is null matches anything.
 *
 * @param resources matches their patterns
 * @param principal who, exactly as the entry has it
 * @param host where, exactly as the entry has it
 * @param operation what, exactly as the entry has it
 * @param permission whether it may
 */
public record AclFilter(
        Resources resources, String principal, String host, AclOperation operation, AclPermission permission) {
    /** How the name in a filter is compared with that of a pattern. */
    public enum Names {
        /** It is the pattern's name, which is literal. */
        LITERAL,
        /** It is the pattern's name, which is a prefix. */
        PREFIXED,
        /** It is the pattern's name, of either type. */
        ANY,
        /** It is the name of a resource that the pattern stands for. */
        MATCH;

        /** {@return the way with this code in the protocol, null if there is none} */
        public static Names ofCode(int code) {
            return switch (code) {
                case 1 -> ANY;
                case 2 -> MATCH;
                case 3 -> LITERAL;
                case 4 -> PREFIXED;
                default -> null;
            };
        }
    }

    /**
     * Matches patterns.
     *
     * @param type of resources, null for any
     * @param name of the pattern or of the resource, null for any
     * @param names which of the two
     */
    public record Resources(ResourceType type, String name, Names names) {
        /** {@return whether a pattern is meant} */
        public boolean match(ResourcePattern pattern) {
            boolean literal = pattern.pattern() == PatternType.LITERAL;
            if (type != null && type != pattern.type()
                    || names == Names.LITERAL && !literal
                    || names == Names.PREFIXED && literal) {
                return false;
            }
            if (name == null || name.equals(pattern.name())) {
                return true;
            }
            return names == Names.MATCH
                    && (literal ? pattern.name().equals(ResourcePattern.WILDCARD) : name.startsWith(pattern.name()));
        }
    }

    /** {@return whether an entry is meant} */
    public boolean matches(AclEntry entry) {
        return (principal == null || principal.equals(entry.principal()))
                && (host == null || host.equals(entry.host()))
                && (operation == null || operation == entry.operation())
                && (permission == null || permission == entry.permission());
    }

    /** {@return whether a binding is meant} */
    public boolean matches(AclBinding binding) {
        return resources.match(binding.pattern()) && matches(binding.entry());
    }
}
