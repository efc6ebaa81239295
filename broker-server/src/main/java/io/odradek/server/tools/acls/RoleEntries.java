package io.odradek.server.tools.acls;

import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.ResourcePatternFilter;

/**
 * What producers and consumers need.
 *
 * @param idempotent whether they write with idempotence
 */
record RoleEntries(EntryOptions entries, boolean producer, boolean consumer, boolean idempotent) {
    /** {@return what they need of a resource; null for nothing} */
    SortedSet<AccessControlEntry> of(ResourcePatternFilter resource) {
        SortedSet<AccessControlEntry> needed = new TreeSet<>(EntryOptions.ORDER);
        switch (resource.resourceType()) {
            case TOPIC -> {
                if (producer) {
                    needed.addAll(
                            entries.entries(List.of(AclOperation.WRITE, AclOperation.DESCRIBE, AclOperation.CREATE)));
                }
                if (consumer) {
                    needed.addAll(entries.entries(List.of(AclOperation.READ, AclOperation.DESCRIBE)));
                }
                return needed;
            }
            case GROUP -> {
                return consumer ? entries.entries(List.of(AclOperation.READ)) : null;
            }
            case TRANSACTIONAL_ID -> {
                return producer ? entries.entries(List.of(AclOperation.WRITE, AclOperation.DESCRIBE)) : null;
            }
            case CLUSTER -> {
                return idempotent ? entries.entries(List.of(AclOperation.IDEMPOTENT_WRITE)) : null;
            }
            default -> {
                return null;
            }
        }
    }
}
