package io.odradek.server.tools.acls;

import io.odradek.server.tools.UsageException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import picocli.CommandLine.Option;

/** Who may do what, and from where. */
final class EntryOptions {
    static final Comparator<AccessControlEntry> ORDER = Comparator.comparing(AccessControlEntry::principal)
            .thenComparing(AccessControlEntry::host)
            .thenComparing(AccessControlEntry::operation)
            .thenComparing(AccessControlEntry::permissionType);

    @Option(names = "--operation", paramLabel = "OPERATION", description = "what is done, as Read (default: All)")
    private List<String> operations = new ArrayList<>();

    @Option(
            names = "--allow-principal",
            paramLabel = "TYPE:NAME",
            description = "who may, as User:alice; User:* for all")
    private List<String> allowed = new ArrayList<>();

    @Option(names = "--deny-principal", paramLabel = "TYPE:NAME", description = "who may not")
    private List<String> denied = new ArrayList<>();

    @Option(names = "--allow-host", paramLabel = "ADDRESS", description = "from where (default: *)")
    private List<String> allowedHosts = new ArrayList<>();

    @Option(names = "--deny-host", paramLabel = "ADDRESS", description = "from where not (default: *)")
    private List<String> deniedHosts = new ArrayList<>();

    boolean nobody() {
        return allowed.isEmpty() && denied.isEmpty();
    }

    boolean any() {
        return !nobody() || !allowedHosts.isEmpty() || !deniedHosts.isEmpty();
    }

    /** {@return whether more is said than who is allowed, which follows from what producers and consumers do} */
    boolean moreThanAllowed() {
        return !operations.isEmpty() || !denied.isEmpty() || !deniedHosts.isEmpty();
    }

    /** {@return the entries for those operations that are named} */
    SortedSet<AccessControlEntry> entries() {
        List<AclOperation> named = new ArrayList<>();
        for (String name : operations.isEmpty() ? List.of("All") : operations) {
            named.add(AllowedOperations.named(name));
        }
        return entries(named);
    }

    /** {@return the entries for some operations} */
    SortedSet<AccessControlEntry> entries(List<AclOperation> ofThese) {
        SortedSet<AccessControlEntry> entries = new TreeSet<>(ORDER);
        add(entries, AclPermissionType.ALLOW, allowed, allowedHosts, ofThese);
        add(entries, AclPermissionType.DENY, denied, deniedHosts, ofThese);
        return entries;
    }

    private static void add(
            SortedSet<AccessControlEntry> entries,
            AclPermissionType permission,
            List<String> principals,
            List<String> hosts,
            List<AclOperation> operations) {
        for (String principal : principals) {
            for (String host : hosts.isEmpty() ? List.of("*") : hosts) {
                for (AclOperation operation : operations) {
                    entries.add(new AccessControlEntry(principal(principal), host.strip(), operation, permission));
                }
            }
        }
    }

    /** {@return a principal, which names its type} */
    static String principal(String given) {
        String principal = given.strip();
        int colon = principal.indexOf(':');
        UsageException.when(
                colon < 1 || colon == principal.length() - 1,
                "\"" + given + "\" is no principal: one is TYPE:NAME, as User:alice");
        return principal;
    }
}
