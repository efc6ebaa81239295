package io.odradek.server.tools.acls;

import io.odradek.server.tools.UsageException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.Resource;
import org.apache.kafka.common.resource.ResourcePatternFilter;
import org.apache.kafka.common.resource.ResourceType;
import picocli.CommandLine.Option;

/** What it is that somebody may do something with. */
final class ResourceOptions {
    private static final ResourcePatternFilter CLUSTER =
            new ResourcePatternFilter(ResourceType.CLUSTER, Resource.CLUSTER_NAME, PatternType.LITERAL);

    @Option(names = "--topic", paramLabel = "TOPIC", description = "a topic, * for each")
    private List<String> topics = new ArrayList<>();

    @Option(names = "--group", paramLabel = "GROUP", description = "a group, * for each")
    private List<String> groups = new ArrayList<>();

    @Option(names = "--cluster", description = "the cluster itself")
    private boolean cluster;

    @Option(names = "--transactional-id", paramLabel = "ID", description = "a transactional id, * for each")
    private List<String> transactionalIds = new ArrayList<>();

    @Option(names = "--delegation-token", paramLabel = "ID", description = "a delegation token, * for each")
    private List<String> tokens = new ArrayList<>();

    @Option(names = "--user-principal", paramLabel = "USER", description = "a user whose tokens are meant, * for each")
    private List<String> users = new ArrayList<>();

    @Option(
            names = "--resource-pattern-type",
            paramLabel = "TYPE",
            defaultValue = "literal",
            description =
                    "what the names are: literal, or prefixed for all that begins so; to list and remove also any, and"
                            + " match for all that holds for the name")
    private String patternType;

    PatternType patternType() {
        PatternType type = PatternType.fromString(patternType.toUpperCase(Locale.ROOT));
        UsageException.when(
                type == PatternType.UNKNOWN,
                "\"" + patternType + "\" is no --resource-pattern-type: any, match, literal, prefixed");
        return type;
    }

    /** {@return what is meant; empty if nothing is} @param idempotent whether idempotent writes are, which the cluster allows */
    List<ResourcePatternFilter> meant(boolean idempotent) {
        List<ResourcePatternFilter> meant = new ArrayList<>();
        add(meant, ResourceType.TOPIC, topics);
        add(meant, ResourceType.GROUP, groups);
        if (patternType() == PatternType.LITERAL && (cluster || idempotent)) {
            meant.add(CLUSTER);
        }
        add(meant, ResourceType.TRANSACTIONAL_ID, transactionalIds);
        add(meant, ResourceType.DELEGATION_TOKEN, tokens);
        add(meant, ResourceType.USER, users);
        return meant;
    }

    private void add(List<ResourcePatternFilter> meant, ResourceType type, List<String> names) {
        for (String name : names) {
            UsageException.when(name.isBlank(), "The name of a " + type.name().toLowerCase(Locale.ROOT) + " is empty");
            meant.add(new ResourcePatternFilter(type, name.strip(), patternType()));
        }
    }

    boolean hasTopics() {
        return !topics.isEmpty();
    }

    /** {@return whether it is just topics and groups} */
    boolean isOfConsumers() {
        return hasTopics() && !groups.isEmpty();
    }

    boolean isOfClusterOrTransactions() {
        return cluster || !transactionalIds.isEmpty();
    }
}
