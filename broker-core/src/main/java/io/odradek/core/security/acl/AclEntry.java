package io.odradek.core.security.acl;

/**
 * Who may, or may not, do what from where.
 *
 * @param principal such as {@code User:alice}, or {@link #EVERYBODY}
 * @param host an address, or {@link #ANYWHERE}
 * @param operation what
 * @param permission whether it may
 */
public record AclEntry(String principal, String host, AclOperation operation, AclPermission permission) {
    /** The principal that stands for all. */
    public static final String EVERYBODY = "User:*";

    /** The host that stands for all. */
    public static final String ANYWHERE = "*";

    /** {@return whether it is about who asks} */
    boolean concerns(String who, String from) {
        return (principal.equals(who) || principal.equals(EVERYBODY)) && (host.equals(ANYWHERE) || host.equals(from));
    }

    /** {@return whether a name is one of a principal: it has a type and a name, with a colon between them} */
    public static boolean isPrincipal(String text) {
        return text.indexOf(':') >= 0;
    }

    @Override
    public String toString() {
        return principal + " has " + permission + " permission for operations: " + operation + " from hosts: " + host;
    }
}
