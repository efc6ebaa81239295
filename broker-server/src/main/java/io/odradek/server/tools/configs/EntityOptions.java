package io.odradek.server.tools.configs;

import io.odradek.server.tools.ToolException;
import io.odradek.server.tools.UsageException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Whose settings are meant: as {@code --topic orders}, or as {@code --entity-type topics --entity-name orders}. */
final class EntityOptions {
    private static final String ENTITY_NAME = "--entity-name";
    private static final String ENTITY_DEFAULT = "--entity-default";

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
            description = "topics, brokers, broker-loggers, groups, users, clients or ips; without a name: all of them")
    private List<String> types = new ArrayList<>();

    @Option(names = ENTITY_NAME, paramLabel = "NAME", description = "the one of that type")
    private List<String> names = new ArrayList<>();

    @Option(
            names = ENTITY_DEFAULT,
            description = "what holds for all of that type, or all that have nothing of their own (not for topics)")
    private boolean[] byDefault = {};

    @Option(names = "--client-metrics", hidden = true)
    private String metrics;

    @Mixin
    private ClientOptions clients;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    /** {@return the parts of the users, client ids or addresses that are meant; empty if settings of something else are} */
    List<ClientPart> clients() {
        List<ClientPart> meant = clients.meant(types, namesInOrder());
        UsageException.when(
                !meant.isEmpty() && isOfOthers(), "Settings of users, clients and ips are of nothing else besides");
        UsageException.when(!meant.isEmpty() && names.contains(""), "An " + ENTITY_NAME + " is empty");
        return meant;
    }

    private boolean isOfOthers() {
        return topic != null || broker != null || brokerDefaults || brokerLogger != null || group != null;
    }

    /** {@return the names, and {@link Entity#DEFAULT} where the default is meant, as they go with the types} */
    private List<String> namesInOrder() {
        List<String> inOrder = new ArrayList<>();
        Iterator<String> given = names.iterator();
        for (String argument : command.commandLine().getParseResult().originalArgs()) {
            if (argument.equals(ENTITY_DEFAULT)) {
                inOrder.add(Entity.DEFAULT);
            } else if ((argument.equals(ENTITY_NAME) || argument.startsWith(ENTITY_NAME + "=")) && given.hasNext()) {
                inOrder.add(given.next());
            }
        }
        return inOrder;
    }

    /** {@return whose settings are meant} */
    Entity meant() {
        if (metrics != null || types.contains("client-metrics")) {
            throw new ToolException("Settings of client-metrics are not served yet");
        }
        List<Entity> meant = new ArrayList<>();
        add(meant, Entity.Kind.TOPICS, topic);
        add(meant, Entity.Kind.BROKERS, broker);
        add(meant, Entity.Kind.BROKERS, brokerDefaults ? Entity.DEFAULT : null);
        add(meant, Entity.Kind.BROKER_LOGGERS, brokerLogger);
        add(meant, Entity.Kind.GROUPS, group);
        String whose =
                "Say whose settings, with one of --topic, --broker, --broker-defaults, --broker-logger, --group, --user,"
                        + " --client, --ip, or --entity-type";
        UsageException.when(meant.size() + types.size() != 1, whose);
        if (!meant.isEmpty()) {
            UsageException.when(
                    !names.isEmpty() || byDefault.length > 0,
                    "--entity-name and --entity-default go with --entity-type");
            return named(meant.get(0));
        }
        Entity.Kind kind = kind(types.get(0));
        UsageException.when(names.size() + byDefault.length > 1, "Give one --entity-name, or --entity-default");
        UsageException.when(
                byDefault.length > 0 && kind != Entity.Kind.BROKERS,
                "Only brokers have settings that hold for all: --entity-default");
        return byDefault.length > 0
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

    private static Entity.Kind kind(String type) {
        for (Entity.Kind kind : Entity.Kind.values()) {
            if (kind.plural().equals(type.toLowerCase(Locale.ROOT))) {
                return kind;
            }
        }
        throw new UsageException("\"" + type + "\" is no --entity-type: "
                + Arrays.stream(Entity.Kind.values()).map(Entity.Kind::plural).collect(Collectors.joining(", "))
                + ", users, clients, ips");
    }
}
