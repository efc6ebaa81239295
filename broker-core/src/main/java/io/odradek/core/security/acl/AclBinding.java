package io.odradek.core.security.acl;

/**
 * An entry and what it is for.
 *
 * @param pattern the resources
 * @param entry who may do what with them
 */
public record AclBinding(ResourcePattern pattern, AclEntry entry) {
    @Override
    public String toString() {
        return pattern + ": " + entry;
    }
}
