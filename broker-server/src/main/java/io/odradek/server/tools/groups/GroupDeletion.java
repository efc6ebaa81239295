package io.odradek.server.tools.groups;

import static io.odradek.server.tools.Answers.of;

import io.odradek.server.tools.Failures;
import io.odradek.server.tools.Terminal;
import io.odradek.server.tools.Tool;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;

/** Deletes groups; those that cannot be are told one by one, and keep none of the others. */
record GroupDeletion(Admin admin, Terminal terminal) {
    /** {@return the exit status} @param groups which */
    int delete(List<String> groups) throws Exception {
        if (groups.isEmpty()) {
            return Tool.DONE;
        }
        List<String> deleted = new ArrayList<>();
        Map<String, ApiException> kept = new TreeMap<>();
        Map<String, KafkaFuture<Void>> answers =
                admin.deleteConsumerGroups(groups).deletedGroups();
        for (String group : groups) {
            try {
                of(answers.get(group));
                deleted.add(group);
            } catch (ApiException refused) {
                kept.put(group, refused);
            }
        }
        if (kept.isEmpty()) {
            terminal.line(
                    "Deletion of requested consumer groups ('" + String.join("', '", deleted) + "') was successful.");
            return Tool.DONE;
        }
        if (!deleted.isEmpty()) {
            terminal.line("These consumer groups were deleted successfully: '" + String.join("', '", deleted) + "'");
        }
        kept.forEach((group, refused) -> terminal.note(
                refused instanceof GroupIdNotFoundException
                        ? KnownGroups.absent(group).getMessage()
                        : "Group '" + group + "' could not be deleted: " + Failures.line(refused, null)));
        return Tool.FAILED;
    }
}
