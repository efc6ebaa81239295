package io.odradek.server.tools.records;

import io.odradek.core.coordination.json.JsonObject;
import io.odradek.server.json.Json;
import io.odradek.server.tools.Answers;
import io.odradek.server.tools.Connection;
import io.odradek.server.tools.Failures;
import io.odradek.server.tools.JsonFile;
import io.odradek.server.tools.Terminal;
import io.odradek.server.tools.Tool;
import io.odradek.server.tools.ToolException;
import io.odradek.server.tools.TopicPartitions;
import io.odradek.server.tools.UsageException;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DeletedRecords;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ApiException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Deletes the first records of partitions; speaks like Kafka's {@code kafka-delete-records}. */
@Command(
        description = "Deletes the records of partitions that are before an offset; the offset -1 means all of them.",
        footer = {
            "  echo '{\"version\":1,\"partitions\":[{\"topic\":\"orders\",\"partition\":0,\"offset\":3}]}' > delete.json",
            "  ${COMMAND-NAME} --offset-json-file delete.json"
        })
public final class DeleteRecordsTool implements Tool {
    @Mixin
    private Connection connection;

    @Option(names = "--offset-json-file", paramLabel = "FILE", description = "what is to be deleted, as in the example")
    private String file;

    @Option(names = "--json", description = "one JSON object a line")
    private boolean json;

    /** Filled by picocli. */
    public DeleteRecordsTool() {}

    @Override
    public int run(Terminal terminal) throws Exception {
        UsageException.when(file == null, "Say what to delete, with --offset-json-file");
        SortedMap<TopicPartition, RecordsToDelete> wanted = read();
        try (Admin admin = connection.open()) {
            TopicPartitions.check(admin, wanted.keySet());
            if (!json) {
                terminal.line("Executing records delete operation");
            }
            Map<TopicPartition, KafkaFuture<DeletedRecords>> answers =
                    admin.deleteRecords(wanted).lowWatermarks();
            if (!json) {
                terminal.line("Records delete operation completed:");
            }
            int status = DONE;
            for (TopicPartition each : wanted.keySet()) {
                try {
                    print(terminal, each, Answers.of(answers.get(each)).lowWatermark());
                } catch (ApiException refused) {
                    terminal.note("partition: " + each + "\terror: " + Failures.line(refused, connection));
                    status = FAILED;
                }
            }
            return status;
        }
    }

    private void print(Terminal terminal, TopicPartition partition, long lowWatermark) {
        terminal.line(
                json
                        ? Json.text(Json.object(
                                "topic",
                                partition.topic(),
                                "partition",
                                partition.partition(),
                                "lowWatermark",
                                lowWatermark))
                        : "partition: " + partition + "\tlow_watermark: " + lowWatermark);
    }

    private SortedMap<TopicPartition, RecordsToDelete> read() {
        return JsonFile.read(file, object -> {
            SortedMap<TopicPartition, RecordsToDelete> wanted = new TreeMap<>(TopicPartitions.IN_ORDER);
            for (JsonObject each : object.objectsAt("partitions")) {
                TopicPartition partition = new TopicPartition(each.stringAt("topic"), each.intAt("partition"));
                if (wanted.put(partition, RecordsToDelete.beforeOffset(each.longAt("offset"))) != null) {
                    throw new ToolException(file + " names partition " + partition + " twice");
                }
            }
            return wanted;
        });
    }
}
