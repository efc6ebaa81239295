package io.odradek.server.tools.acls;

import io.odradek.server.json.Json;
import io.odradek.server.tools.Answers;
import io.odradek.server.tools.Terminal;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AccessControlEntryFilter;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourcePatternFilter;

/** Tells of access control entries as Kafka 3.9 does, or as JSON. */
record AclReport(Admin admin, Terminal terminal, boolean json) {
    private static final Comparator<ResourcePattern> ORDER = Comparator.comparing(ResourcePattern::resourceType)
            .thenComparing(ResourcePattern::name)
            .thenComparing(ResourcePattern::patternType);

    /** Tells of some. @param resources what they are for; none for all @param principals whose they are; none for all */
    void print(List<ResourcePatternFilter> resources, List<String> principals) throws Exception {
        SortedMap<ResourcePattern, SortedSet<AccessControlEntry>> known = new TreeMap<>(ORDER);
        for (ResourcePatternFilter resource : resources.isEmpty() ? List.of(ResourcePatternFilter.ANY) : resources) {
            AclBindingFilter filter = new AclBindingFilter(resource, AccessControlEntryFilter.ANY);
            for (AclBinding binding : Answers.of(admin.describeAcls(filter).values())) {
                known.computeIfAbsent(binding.pattern(), pattern -> new TreeSet<>(EntryOptions.ORDER))
                        .add(binding.entry());
            }
        }
        if (principals.isEmpty()) {
            print(known, null);
        }
        for (String principal : principals) {
            if (!json) {
                terminal.line("ACLs for principal `" + principal + "`");
            }
            print(known, principal);
        }
    }

    private void print(SortedMap<ResourcePattern, SortedSet<AccessControlEntry>> known, String principal) {
        known.forEach((resource, entries) -> {
            SortedSet<AccessControlEntry> shown = new TreeSet<>(EntryOptions.ORDER);
            shown.addAll(entries);
            shown.removeIf(entry -> principal != null && !principal.equals(entry.principal()));
            if (shown.isEmpty()) {
                return;
            }
            if (json) {
                shown.forEach(entry -> terminal.line(line(resource, entry)));
            } else {
                terminal.line("Current ACLs for resource `" + resource + "`: \n " + AclsTool.lines(shown) + " \n");
            }
        });
    }

    private static String line(ResourcePattern resource, AccessControlEntry entry) {
        return Json.text(Json.object(
                "resourceType",
                resource.resourceType().name(),
                "name",
                resource.name(),
                "patternType",
                resource.patternType().name(),
                "principal",
                entry.principal(),
                "host",
                entry.host(),
                "operation",
                entry.operation().name(),
                "permissionType",
                entry.permissionType().name()));
    }
}
