package io.odradek.core.security.acl;

import io.odradek.core.coordination.AclPaths;
import io.odradek.core.coordination.node.AclNode;
import io.odradek.core.coordination.node.AclNode.Acl;
import java.util.ArrayList;
import java.util.List;

/**
 * What a node of the tree says, as far as it can be read. What cannot opens no door: an entry that allows something unknown
 * is left out, one that forbids something unknown forbids everything, and where nothing can be read of a node, everybody is
 * forbidden everything by it.
 *
 * @param entries what holds; null if the node says nothing
 * @param faults what could not be read, in words
 */
record StoredAcls(List<AclEntry> entries, List<String> faults) {
    private static final AclEntry CLOSED =
            new AclEntry(AclEntry.EVERYBODY, AclEntry.ANYWHERE, AclOperation.ALL, AclPermission.DENY);

    /** {@return the node of a pattern} */
    static String path(ResourcePattern pattern) {
        return folder(pattern.type(), pattern.pattern()) + "/" + pattern.name();
    }

    /** {@return the parent of the nodes of a kind of resources} */
    static String folder(ResourceType type, PatternType pattern) {
        return root(pattern) + "/" + type.kafkaName();
    }

    /** {@return the parent of these} */
    static String root(PatternType pattern) {
        return pattern == PatternType.LITERAL ? AclPaths.LITERAL : AclPaths.PREFIXED;
    }

    /** {@return what a node's data say} */
    static StoredAcls read(byte[] data) {
        AclNode node;
        try {
            node = AclNode.decode(data);
        } catch (IllegalArgumentException unreadable) {
            return new StoredAcls(List.of(CLOSED), List.of(String.valueOf(unreadable.getMessage())));
        }
        if (node.acls().isEmpty()) {
            return new StoredAcls(null, List.of());
        }
        List<AclEntry> entries = new ArrayList<>(node.acls().size());
        List<String> faults = new ArrayList<>();
        for (Acl acl : node.acls()) {
            AclEntry entry = entry(acl);
            if (entry != null) {
                entries.add(entry);
            } else {
                faults.add(acl.toString());
                if (AclPermission.ofName(acl.permission()) != AclPermission.ALLOW) {
                    entries.add(forbidding(acl));
                }
            }
        }
        return new StoredAcls(entries, faults);
    }

    /** {@return an entry of a node, null if it is not one that is known} */
    static AclEntry entry(Acl acl) {
        AclOperation operation = AclOperation.ofName(acl.operation());
        AclPermission permission = AclPermission.ofName(acl.permission());
        return operation == null || permission == null || !AclEntry.isPrincipal(acl.principal())
                ? null
                : new AclEntry(acl.principal(), acl.host(), operation, permission);
    }

    /** {@return an entry as it is stored} */
    static Acl stored(AclEntry entry) {
        return new Acl(
                entry.principal(),
                entry.permission().kafkaName(),
                entry.operation().kafkaName(),
                entry.host());
    }

    private static AclEntry forbidding(Acl acl) {
        AclOperation operation = AclOperation.ofName(acl.operation());
        return new AclEntry(
                AclEntry.isPrincipal(acl.principal()) ? acl.principal() : AclEntry.EVERYBODY,
                acl.host(),
                operation == null ? AclOperation.ALL : operation,
                AclPermission.DENY);
    }
}
