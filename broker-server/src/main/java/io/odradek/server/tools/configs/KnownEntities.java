package io.odradek.server.tools.configs;

import static io.odradek.server.tools.Answers.of;

import io.odradek.server.tools.ToolException;
import io.odradek.server.tools.UsageException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConfigResourcesOptions;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.UnsupportedVersionException;

/** What there is that can have settings. */
record KnownEntities(Admin admin) {
    /** {@return each that is meant} @throws ToolException if a broker is meant that there is not */
    List<Entity> meantBy(Entity entity) throws Exception {
        if (entity.isOne()) {
            if (entity.isOnBroker() && !entity.isDefault()) {
                check(entity.name());
            }
            return List.of(entity);
        }
        List<String> names = new ArrayList<>(
                switch (entity.kind()) {
                    case TOPICS ->
                        of(admin.listTopics(new ListTopicsOptions().listInternal(true))
                                        .names())
                                .stream()
                                .sorted()
                                .toList();
                    case BROKERS, BROKER_LOGGERS -> brokers();
                    case GROUPS -> groups();
                });
        if (entity.kind() == Entity.Kind.BROKERS) {
            names.add(Entity.DEFAULT);
        }
        return names.stream().map(name -> new Entity(entity.kind(), name)).toList();
    }

    /** Those that have settings though they have no members yet, too. */
    private List<String> groups() throws Exception {
        Set<String> groups = new TreeSet<>();
        of(admin.listGroups().all()).forEach(each -> groups.add(each.groupId()));
        try {
            of(admin.listConfigResources(Set.of(ConfigResource.Type.GROUP), new ListConfigResourcesOptions())
                            .all())
                    .forEach(each -> groups.add(each.name()));
        } catch (UnsupportedVersionException older) {
            // Then groups have no settings.
        }
        return List.copyOf(groups);
    }

    private List<String> brokers() throws Exception {
        return of(admin.describeCluster().nodes()).stream()
                .map(Node::id)
                .sorted()
                .map(String::valueOf)
                .toList();
    }

    /** A client would look for a broker that there is not until its time is over. */
    private void check(String broker) throws Exception {
        UsageException.when(!broker.matches("\\d{1,9}"), "\"" + broker + "\" is no broker's id");
        List<String> brokers = brokers();
        if (!brokers.contains(Integer.toString(Integer.parseInt(broker)))) {
            throw new ToolException("There is no broker " + broker + " now, only "
                    + brokers.stream().collect(Collectors.joining(", ")));
        }
    }
}
