package io.odradek.server.tools.session;

import io.odradek.server.tools.KafkaTool;
import io.odradek.server.tools.ToolCall;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A set of tools, by the names that Kafka's scripts have. */
interface Tools {
    /** {@return what a tool does} @param script such as {@code kafka-topics.sh} */
    ToolCall call(String script, List<String> arguments, String input) throws Exception;

    /** Our own. */
    Tools OURS = new Tools() {
        private static final Map<String, String> NAMES = Map.ofEntries(
                Map.entry("kafka-topics.sh", "topics"),
                Map.entry("kafka-configs.sh", "configs"),
                Map.entry("kafka-acls.sh", "acls"),
                Map.entry("kafka-console-producer.sh", "produce"),
                Map.entry("kafka-console-consumer.sh", "consume"),
                Map.entry("kafka-consumer-groups.sh", "groups"),
                Map.entry("kafka-get-offsets.sh", "offsets"),
                Map.entry("kafka-delete-records.sh", "delete-records"),
                Map.entry("kafka-log-dirs.sh", "log-dirs"),
                Map.entry("kafka-dump-log.sh", "dump-log"),
                Map.entry("kafka-leader-election.sh", "leader-election"));

        @Override
        public ToolCall call(String script, List<String> arguments, String input) {
            List<String> all = new ArrayList<>(List.of(NAMES.get(script)));
            all.addAll(arguments);
            return ToolCall.typed(input, 0, all.toArray(String[]::new));
        }
    };

    /** {@return those of a version of Kafka} */
    static Tools of(KafkaTool kafka, boolean recent) {
        String moved = recent ? "org.apache.kafka.tools." : "kafka.tools.";
        Map<String, String> classes = Map.ofEntries(
                Map.entry("kafka-topics.sh", "org.apache.kafka.tools.TopicCommand"),
                Map.entry("kafka-configs.sh", "kafka.admin.ConfigCommand"),
                Map.entry("kafka-acls.sh", recent ? "org.apache.kafka.tools.AclCommand" : "kafka.admin.AclCommand"),
                Map.entry("kafka-console-producer.sh", moved + "ConsoleProducer"),
                Map.entry("kafka-console-consumer.sh", "org.apache.kafka.tools.consumer.ConsoleConsumer"),
                Map.entry("kafka-consumer-groups.sh", "org.apache.kafka.tools.consumer.group.ConsumerGroupCommand"),
                Map.entry("kafka-get-offsets.sh", "org.apache.kafka.tools.GetOffsetShell"),
                Map.entry("kafka-delete-records.sh", "org.apache.kafka.tools.DeleteRecordsCommand"),
                Map.entry("kafka-log-dirs.sh", "org.apache.kafka.tools.LogDirsCommand"),
                Map.entry("kafka-leader-election.sh", "org.apache.kafka.tools.LeaderElectionCommand"),
                Map.entry("kafka-dump-log.sh", moved + "DumpLogSegments"));
        return (script, arguments, input) -> kafka.piped(input, classes.get(script), arguments.toArray(String[]::new));
    }
}
