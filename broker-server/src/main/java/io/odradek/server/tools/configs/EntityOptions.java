package io.odradek.server.tools.configs;

import io.odradek.server.tools.ToolException;
import io.odradek.server.tools.UsageException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import picocli.CommandLine.Option;

/** Whose settings are meant: as {@code --topic orders}, or as {@code --entity-type topics --entity-name orders}. */
final class EntityOptions {
    @Option(names = "--topic", paramLabel = "TOPIC", description = "settings of a topic")
    private String topic;

    @Option(names = "--broker", paramLabel = "ID", description = "settings of a broker")
    private String broker;

    @Option(names = "--broker-defaults", description = "settings of all brokers of the cluster")
    private boolean brokerDefaults;

    @Option(names = "--broker-logger", paramLabel = "ID", description = "levels of the loggers of a broker")
    private String brokerLogger;

    @Option(names = "--group", paramLabel = "GROUP", description = "settings of a group")
    private String group;

    @Option(
            names = "--entity-type",
            paramLabel = "TYPE",
            description = "topics, brokers, broker-loggers or groups; without a name: all of them")
    private List<String> types = new ArrayList<>();

    @Option(names = "--entity-name", paramLabel = "NAME", description = "the one of that type")
    private List<String> names = new ArrayList<>();

    @Option(names = "--entity-default", description = "what holds for all of that type (brokers)")
    private boolean byDefault;

    @Option(
            names = {"--user", "--client", "--ip", "--client-metrics"},
            hidden = true)
    private List<String> others = new ArrayList<>();

    @Option(
            names = {"--user-defaults", "--client-defaults", "--ip-defaults"},
            hidden = true)
    private boolean othersByDefault;

    /** {@return whose settings are meant} */
    Entity meant() {
        if (!others.isEmpty() || othersByDefault || types.stream().anyMatch(EntityOptions::isOfOthers)) {
            throw notServed();
        }
        List<Entity> meant = new ArrayList<>();
        add(meant, Entity.Kind.TOPICS, topic);
        add(meant, Entity.Kind.BROKERS, broker);
        add(meant, Entity.Kind.BROKERS, brokerDefaults ? Entity.DEFAULT : null);
        add(meant, Entity.Kind.BROKER_LOGGERS, brokerLogger);
        add(meant, Entity.Kind.GROUPS, group);
        String whose =
                "Say whose settings, with one of --topic, --broker, --broker-defaults, --broker-logger, --group, or"
                        + " --entity-type";
        UsageException.when(meant.size() + types.size() != 1, whose);
        if (!meant.isEmpty()) {
            UsageException.when(
                    !names.isEmpty() || byDefault, "--entity-name and --entity-default go with --entity-type");
            return named(meant.get(0));
        }
        Entity.Kind kind = kind(types.get(0));
        UsageException.when(names.size() + (byDefault ? 1 : 0) > 1, "Give one --entity-name, or --entity-default");
        UsageException.when(
                byDefault && kind != Entity.Kind.BROKERS,
                "Only brokers have settings that hold for all: --entity-default");
        return byDefault
                ? new Entity(kind, Entity.DEFAULT)
                : named(new Entity(kind, names.isEmpty() ? null : names.get(0)));
    }

    /** A name that a script has left empty means nobody, least of all the whole cluster. */
    private Entity named(Entity entity) {
        UsageException.when(
                entity.isDefault() && !brokerDefaults,
                "The name of a " + entity.kind().singular() + " is empty");
        return entity;
    }

    private static void add(List<Entity> meant, Entity.Kind kind, String name) {
        if (name != null) {
            meant.add(new Entity(kind, name));
        }
    }

    private static boolean isOfOthers(String type) {
        return List.of("users", "clients", "ips", "client-metrics").contains(type);
    }

    private static ToolException notServed() {
        return new ToolException("Settings of users, clients, ips and client-metrics are not served yet");
    }

    private static Entity.Kind kind(String type) {
        for (Entity.Kind kind : Entity.Kind.values()) {
            if (kind.plural().equals(type.toLowerCase(Locale.ROOT))) {
                return kind;
            }
        }
        throw new UsageException("\"" + type + "\" is no --entity-type: "
                + Arrays.stream(Entity.Kind.values()).map(Entity.Kind::plural).collect(Collectors.joining(", ")));
    }
}
