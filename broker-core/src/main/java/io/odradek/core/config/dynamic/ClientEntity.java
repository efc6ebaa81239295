package io.odradek.core.config.dynamic;

import io.odradek.core.coordination.EncodedName;

/**
 * Whom settings in the tree are for: a user, a client id, both together, or an address; or those of a kind that have none of
 * their own ({@link #DEFAULT}). At least one is not null; an address goes with neither of the others (KIP-546, KIP-612).
 *
 * @param user the user's name, without {@code User:}; {@link #DEFAULT}, or null for settings that do not go by users
 * @param clientId the client id, {@link #DEFAULT} or null
 * @param ip the address, {@link #DEFAULT} or null
 */
public record ClientEntity(String user, String clientId, String ip) implements Comparable<ClientEntity> {
    /**
     * Those that have none of their own. No name: it has a character that no name can have, because a name of a request or a
     * certificate is Unicode text, and this is half of a character.
     */
    public static final String DEFAULT = "\ud800";

    /** The nodes below {@code /config} that settings of clients are in. */
    static final String USERS = "users";

    static final String CLIENTS = "clients";
    static final String IPS = "ips";
    private static final String DEFAULT_NODE = "<default>";

    /** {@return settings of a user, whatever client id it uses} */
    public static ClientEntity ofUser(String user) {
        return new ClientEntity(user, null, null);
    }

    /** {@return the node below {@code /config}, such as {@code users/alice/clients/<default>}} */
    public String path() {
        if (ip != null) {
            return IPS + "/" + node(ip);
        }
        if (user == null) {
            return CLIENTS + "/" + node(clientId);
        }
        String ofUser = USERS + "/" + node(user);
        return clientId == null ? ofUser : ofUser + "/" + CLIENTS + "/" + node(clientId);
    }

    /** {@return whom a node below {@code /config} is about; null if it is about nobody of this kind} */
    public static ClientEntity of(String path) {
        String[] parts = path.split("/", -1);
        if (parts.length == 2 && !parts[1].isEmpty()) {
            return switch (parts[0]) {
                case USERS -> ofUser(name(parts[1]));
                case CLIENTS -> new ClientEntity(null, name(parts[1]), null);
                case IPS -> new ClientEntity(null, null, name(parts[1]));
                default -> null;
            };
        }
        boolean ofBoth = parts.length == 4
                && parts[0].equals(USERS)
                && parts[2].equals(CLIENTS)
                && !parts[1].isEmpty()
                && !parts[3].isEmpty();
        return ofBoth ? new ClientEntity(name(parts[1]), name(parts[3]), null) : null;
    }

    /** Names may have characters that none of a node may have; Kafka encodes them so too. */
    private static String node(String name) {
        return name.equals(DEFAULT) ? DEFAULT_NODE : EncodedName.of(name);
    }

    private static String name(String node) {
        return node.equals(DEFAULT_NODE) ? DEFAULT : EncodedName.decode(node);
    }

    @Override
    public int compareTo(ClientEntity other) {
        return path().compareTo(other.path());
    }
}
