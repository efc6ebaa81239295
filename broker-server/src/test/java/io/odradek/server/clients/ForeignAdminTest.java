package io.odradek.server.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.server.embedded.EmbeddedCluster;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Clients in C, JavaScript and Python administer a cluster of three: what they ask for is done, and what cannot be is refused with
 * the error that they expect.
 */
@Timeout(300)
class ForeignAdminTest {
    private static final Duration LIMIT = Duration.ofSeconds(120);

    private static EmbeddedCluster cluster;

    @BeforeAll
    static void start() {
        cluster = EmbeddedCluster.builder(3)
                .setting("auto.create.topics.enable", "false")
                .setting("offsets.topic.num.partitions", "3")
                .start();
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @Test
    void kcatListsTopicsAndAsksForOffsets() throws Exception {
        String kcat = ForeignTool.command("kcat", "kcat");
        cluster.createTopic("looked-at", 2);
        String[] write = {kcat, "-b", cluster.bootstrapServers(), "-P", "-t", "looked-at", "-p", "1"};
        assertThat(Finished.run(new ProcessBuilder(write), "one\n", LIMIT).status())
                .isZero();

        assertThat(run(new ProcessBuilder(kcat, "-b", cluster.bootstrapServers(), "-L", "-t", "looked-at")))
                .contains(" 3 brokers:", "topic \"looked-at\" with 2 partitions:", "partition 1, leader ");
        assertThat(run(new ProcessBuilder(kcat, "-b", cluster.bootstrapServers(), "-L", "-t", "nothing")))
                .contains("topic \"nothing\" with 0 partitions: Broker: Unknown topic or partition");
        String[] offsets = {kcat, "-b", cluster.bootstrapServers(), "-Q", "-t", "looked-at:0:1", "-t", "looked-at:1:1"};
        assertThat(run(new ProcessBuilder(offsets)).lines())
                .containsOnlyOnce("looked-at [0] offset -1", "looked-at [1] offset 0");
    }

    @Test
    void kafkajsAdministers() throws Exception {
        ProcessBuilder command = new ProcessBuilder(
                ForeignTool.command("node", "nodejs"), "src/test/clients/kafkajs-admin.js", cluster.bootstrapServers());
        command.environment()
                .put(
                        "NODE_PATH",
                        ForeignTool.nodeModules().resolve("node_modules").toString());
        command.environment().put("KAFKAJS_NO_PARTITIONER_WARNING", "1");
        assertThat(run(command)).isEqualTo("ok\n");
    }

    @Test
    void pythonKafkaAdministers() throws Exception {
        String python = ForeignTool.pythonWith("kafka", "python3-kafka");
        assertThat(run(new ProcessBuilder(
                        python, "src/test/clients/python-kafka-admin.py", cluster.bootstrapServers())))
                .isEqualTo("ok\n");
    }

    @Test
    void confluentKafkaAdministers() throws Exception {
        String python = ForeignTool.pythonWith("confluent_kafka", "python3-confluent-kafka");
        assertThat(run(new ProcessBuilder(
                        python, "src/test/clients/confluent-kafka-admin.py", cluster.bootstrapServers())))
                .isEqualTo("ok\n");
    }

    private static String run(ProcessBuilder command) throws Exception {
        Finished finished = Finished.run(command, "", LIMIT);
        assertThat(finished.status()).as(finished.errors()).isZero();
        return finished.output();
    }
}
