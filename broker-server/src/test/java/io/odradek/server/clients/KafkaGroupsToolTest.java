package io.odradek.server.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.server.embedded.EmbeddedBroker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Apache Kafka 3.9.2's {@code kafka-consumer-groups} where positions were committed for a group without a name. */
@Timeout(300)
class KafkaGroupsToolTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String NAMELESS = "";

    @TempDir
    Path folder;

    @Test
    void allGroupsAreDescribedTheNamelessOneToo() throws Exception {
        Peer kafka = new Peer("3.9.2", folder.resolve("peer"));
        try (EmbeddedBroker broker = EmbeddedBroker.builder()
                        .logFolder(folder.resolve("data"))
                        .start();
                Admin admin = Admin.create(Map.<String, Object>of("bootstrap.servers", broker.bootstrapServers()))) {
            admin.createTopics(List.of(new NewTopic("t", 1, (short) 1))).all().get();
            for (String group : List.of(NAMELESS, "named")) {
                var position = Map.of(new TopicPartition("t", 0), new OffsetAndMetadata(0));
                admin.alterConsumerGroupOffsets(group, position).all().get();
            }

            Finished described = groups(kafka, broker, "--describe", "--all-groups");
            assertThat(described.output())
                    .containsPattern("(?m)^ +t +0 +0 +0 +0 +-")
                    .containsPattern("(?m)^named +t +0 +0 +0 +0 +-");
            assertThat(described.output() + described.errors()).doesNotContain("Error");

            admin.deleteConsumerGroups(List.of(NAMELESS)).all().get();
            assertThat(groups(kafka, broker, "--list").output().lines()).containsExactly("named");
        }
    }

    private static Finished groups(Peer kafka, EmbeddedBroker broker, String... arguments) throws Exception {
        ProcessBuilder command = kafka.java(
                "org.apache.kafka.tools.consumer.group.ConsumerGroupCommand",
                "--bootstrap-server",
                broker.bootstrapServers());
        command.command().addAll(List.of(arguments));
        return Finished.run(command, "", LIMIT);
    }
}
