package io.odradek.server.tools.acls;

import io.odradek.server.tools.UsageException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.ResourceType;

/** Which operations there are with what, as Kafka's documentation has it. */
final class AllowedOperations {
    private AllowedOperations() {}

    /** {@return an operation by its name in Kafka's documentation, as {@code DescribeConfigs}, however its letters are} */
    static AclOperation named(String name) {
        String plain = name.strip().replace("_", "");
        for (AclOperation operation : AclOperation.values()) {
            if (operation != AclOperation.UNKNOWN && word(operation).equalsIgnoreCase(plain)) {
                return operation;
            }
        }
        throw new UsageException("\"" + name + "\" is no --operation");
    }

    /** @throws UsageException if an entry is of an operation that there is not */
    static void check(ResourceType type, Collection<AccessControlEntry> entries) {
        List<AclOperation> allowed = new ArrayList<>(of(type));
        allowed.add(AclOperation.ALL);
        allowed.add(AclOperation.ANY);
        for (AccessControlEntry entry : entries) {
            UsageException.when(
                    !allowed.contains(entry.operation()),
                    "With a " + type.name().toLowerCase(Locale.ROOT) + " one can only "
                            + of(type).stream().map(AllowedOperations::word).collect(Collectors.joining(", "))
                            + ", or All");
        }
    }

    private static List<AclOperation> of(ResourceType type) {
        return switch (type) {
            case TOPIC ->
                List.of(
                        AclOperation.READ,
                        AclOperation.WRITE,
                        AclOperation.CREATE,
                        AclOperation.DESCRIBE,
                        AclOperation.DELETE,
                        AclOperation.ALTER,
                        AclOperation.DESCRIBE_CONFIGS,
                        AclOperation.ALTER_CONFIGS);
            case GROUP ->
                List.of(
                        AclOperation.READ,
                        AclOperation.DESCRIBE,
                        AclOperation.DELETE,
                        AclOperation.DESCRIBE_CONFIGS,
                        AclOperation.ALTER_CONFIGS);
            case CLUSTER ->
                List.of(
                        AclOperation.CREATE,
                        AclOperation.CLUSTER_ACTION,
                        AclOperation.DESCRIBE_CONFIGS,
                        AclOperation.ALTER_CONFIGS,
                        AclOperation.IDEMPOTENT_WRITE,
                        AclOperation.ALTER,
                        AclOperation.DESCRIBE);
            case TRANSACTIONAL_ID -> List.of(AclOperation.DESCRIBE, AclOperation.WRITE, AclOperation.TWO_PHASE_COMMIT);
            case DELEGATION_TOKEN -> List.of(AclOperation.DESCRIBE);
            case USER -> List.of(AclOperation.CREATE_TOKENS, AclOperation.DESCRIBE_TOKENS);
            default -> List.of();
        };
    }

    /** {@return a name as Kafka's tools take it, such as {@code DescribeConfigs}} */
    private static String word(Enum<?> name) {
        StringBuilder word = new StringBuilder();
        for (String part : name.name().split("_")) {
            word.append(part.charAt(0)).append(part.substring(1).toLowerCase(Locale.ROOT));
        }
        return word.toString();
    }
}
