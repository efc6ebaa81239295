package io.odradek.server.tools.groups;

import static io.odradek.server.tools.Answers.of;

import io.odradek.server.tools.Failures;
import io.odradek.server.tools.Table;
import io.odradek.server.tools.Table.Column;
import io.odradek.server.tools.Terminal;
import io.odradek.server.tools.Tool;
import io.odradek.server.tools.ToolException;
import io.odradek.server.tools.TopicPartitions;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DeleteConsumerGroupOffsetsResult;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.GroupNotEmptyException;

/** Forgets the positions of a group, as Kafka's tool tells of it. */
record PositionDeletion(Admin admin, Terminal terminal) {
    /** {@return the exit status} @param group whose @param topics in which, as {@code orders} or {@code orders:0,1} */
    int delete(String group, List<String> topics) throws Exception {
        Set<TopicPartition> partitions = TopicPartitions.named(admin, topics);
        DeleteConsumerGroupOffsetsResult answer = admin.deleteConsumerGroupOffsets(group, partitions);
        Table table = new Table(Column.fixed("TOPIC", 30), Column.fixed("PARTITION", 15), Column.fixed("STATUS", 15));
        int failed = 0;
        for (TopicPartition each : partitions) {
            String status = "Successful";
            try {
                of(answer.partitionResult(each));
            } catch (GroupIdNotFoundException unknown) {
                throw KnownGroups.absent(group);
            } catch (GroupNotEmptyException used) {
                throw new ToolException(
                        "Deleting offsets of a consumer group '" + group + "' is forbidden if the group is not empty.");
            } catch (ApiException refused) {
                status = "Error: " + Failures.line(refused, null);
                failed++;
            }
            table.row(each.topic(), Integer.toString(each.partition()), status);
        }
        if (failed == 0) {
            terminal.line(
                    "Request succeed for deleting offsets with topic " + String.join(", ", topics) + " group " + group);
        }
        terminal.line("");
        table.print(terminal);
        if (failed > 0) {
            terminal.note("The positions of group '" + group + "' in " + failed + " of " + partitions.size()
                    + " partitions could not be deleted");
        }
        return failed == 0 ? Tool.DONE : Tool.FAILED;
    }
}
