package io.odradek.server.tools.configs;

import io.odradek.server.tools.UsageException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Option;

/** Which users, client ids or addresses are meant: as {@code --user alice}, or with {@link EntityOptions}. */
final class ClientOptions {
    @Option(names = "--user", paramLabel = "USER", description = "quotas and credentials of a user")
    private String user;

    @Option(names = "--user-defaults", description = "quotas of users that have none of their own")
    private boolean userDefaults;

    @Option(names = "--client", paramLabel = "ID", description = "quotas of a client id")
    private String client;

    @Option(names = "--client-defaults", description = "quotas of client ids that have none of their own")
    private boolean clientDefaults;

    @Option(names = "--ip", paramLabel = "ADDRESS", description = "quotas of an address")
    private String ip;

    @Option(names = "--ip-defaults", description = "quotas of addresses that have none of their own")
    private boolean ipDefaults;

    /**
     * {@return the parts of those that are meant, in the order given; empty if the settings of something else are}
     *
     * @param types of {@code --entity-type}
     * @param names of {@code --entity-name}, and {@link Entity#DEFAULT} for each {@code --entity-default}, in the order given
     */
    List<ClientPart> meant(List<String> types, List<String> names) {
        List<ClientPart> parts = new ArrayList<>();
        Iterator<String> namesInTurn = names.iterator();
        for (String type : types) {
            ClientPart.Kind kind = kind(type);
            if (kind != null) {
                parts.add(new ClientPart(kind, namesInTurn.hasNext() ? namesInTurn.next() : null));
            }
        }
        if (!parts.isEmpty()) {
            UsageException.when(
                    parts.size() < types.size(), "Settings of users, clients and ips are of nothing else besides");
            UsageException.when(namesInTurn.hasNext(), "Give an --entity-type for each --entity-name");
        }
        add(parts, ClientPart.Kind.USERS, user);
        add(parts, ClientPart.Kind.CLIENTS, client);
        add(parts, ClientPart.Kind.IPS, ip);
        addDefaults(parts, ClientPart.Kind.USERS, userDefaults);
        addDefaults(parts, ClientPart.Kind.CLIENTS, clientDefaults);
        addDefaults(parts, ClientPart.Kind.IPS, ipDefaults);
        check(parts);
        return parts;
    }

    private static void add(List<ClientPart> parts, ClientPart.Kind kind, String name) {
        if (name != null) {
            UsageException.when(name.isEmpty(), "The name of a " + kind.singular() + " is empty");
            parts.add(new ClientPart(kind, name));
        }
    }

    private static void addDefaults(List<ClientPart> parts, ClientPart.Kind kind, boolean byDefault) {
        if (byDefault) {
            parts.add(new ClientPart(kind, Entity.DEFAULT));
        }
    }

    private static void check(List<ClientPart> parts) {
        long kinds = parts.stream().map(ClientPart::kind).distinct().count();
        boolean ofAddress = parts.stream().anyMatch(part -> part.kind() == ClientPart.Kind.IPS);
        UsageException.when(
                kinds < parts.size() || ofAddress && kinds > 1, "Give one user, one client, one of both, or one ip");
    }

    private static ClientPart.Kind kind(String type) {
        for (ClientPart.Kind kind : ClientPart.Kind.values()) {
            if (kind.plural().equals(type.toLowerCase(Locale.ROOT))) {
                return kind;
            }
        }
        return null;
    }
}
