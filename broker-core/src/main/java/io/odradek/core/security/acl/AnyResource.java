package io.odradek.core.security.acl;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Whether there can be a resource of a kind that somebody may do something with (KIP-679): an entry allows it for one that
 * no other forbids. What one operation implies of others does not count, as with Kafka.
 */
final class AnyResource {
    private final Set<String> deniedNames = new HashSet<>();
    private final Set<String> deniedPrefixes = new HashSet<>();
    private final List<ResourcePattern> allowed = new ArrayList<>();

    AnyResource(AclImage image, String principal, String host, AclOperation operation, ResourceType type) {
        for (Map.Entry<ResourcePattern, List<AclEntry>> known : image.all().entrySet()) {
            if (known.getKey().type() == type) {
                for (AclEntry entry : known.getValue()) {
                    boolean about = entry.operation() == operation || entry.operation() == AclOperation.ALL;
                    if (about && entry.concerns(principal, host)) {
                        note(known.getKey(), entry.permission());
                    }
                }
            }
        }
    }

    private void note(ResourcePattern pattern, AclPermission permission) {
        if (permission == AclPermission.ALLOW) {
            allowed.add(pattern);
        } else {
            (pattern.pattern() == PatternType.LITERAL ? deniedNames : deniedPrefixes).add(pattern.name());
        }
    }

    /** {@return whether all of the kind are forbidden} */
    boolean allDenied() {
        return deniedNames.contains(ResourcePattern.WILDCARD);
    }

    /** {@return whether one is allowed} */
    boolean someAllowed() {
        if (allDenied()) {
            return false;
        }
        for (ResourcePattern pattern : allowed) {
            boolean literal = pattern.pattern() == PatternType.LITERAL;
            if (literal && pattern.name().equals(ResourcePattern.WILDCARD)
                    || !(literal && deniedNames.contains(pattern.name())) && !isBelowDeniedPrefix(pattern.name())) {
                return true;
            }
        }
        return false;
    }

    private boolean isBelowDeniedPrefix(String name) {
        for (int length = 1; length <= name.length(); length++) {
            if (deniedPrefixes.contains(name.substring(0, length))) {
                return true;
            }
        }
        return false;
    }
}
