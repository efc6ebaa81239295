package io.odradek.core.security.acl;

import java.util.ArrayList;
import java.util.List;

/** Decides as Kafka's documentation says, by looking at every entry there is. */
final class NaiveAcls {
    private final List<AclBinding> bindings = new ArrayList<>();

    void add(AclBinding binding) {
        bindings.add(binding);
    }

    AclImage.Answer answer(String principal, String host, AclOperation operation, ResourceType type, String name) {
        boolean found = false;
        boolean allowed = false;
        for (AclBinding binding : bindings) {
            if (!isAbout(binding.pattern(), type, name)) {
                continue;
            }
            found = true;
            AclEntry entry = binding.entry();
            boolean who =
                    entry.principal().equals("User:*") || entry.principal().equals(principal);
            boolean where = entry.host().equals("*") || entry.host().equals(host);
            boolean same = entry.operation() == AclOperation.ALL || entry.operation() == operation;
            if (who && where && same && entry.permission() == AclPermission.DENY) {
                return AclImage.Answer.DENIED;
            }
            allowed |= who
                    && where
                    && entry.permission() == AclPermission.ALLOW
                    && (same || implies(entry.operation(), operation));
        }
        return !found ? AclImage.Answer.NO_ENTRY : allowed ? AclImage.Answer.ALLOWED : AclImage.Answer.DENIED;
    }

    private static boolean isAbout(ResourcePattern pattern, ResourceType type, String name) {
        if (pattern.type() != type) {
            return false;
        }
        return pattern.pattern() == PatternType.PREFIXED
                ? name.startsWith(pattern.name())
                : pattern.name().equals("*") || pattern.name().equals(name);
    }

    private static boolean implies(AclOperation allowed, AclOperation asked) {
        return asked == AclOperation.DESCRIBE
                        && List.of(AclOperation.READ, AclOperation.WRITE, AclOperation.DELETE, AclOperation.ALTER)
                                .contains(allowed)
                || asked == AclOperation.DESCRIBE_CONFIGS && allowed == AclOperation.ALTER_CONFIGS;
    }
}
