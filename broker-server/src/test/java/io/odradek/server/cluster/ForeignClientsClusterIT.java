package io.odradek.server.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.server.clients.ForeignTool;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Clients in C and JavaScript produce and consume with three replicas while the leader is killed and comes back. */
@DisabledOnOs(OS.WINDOWS)
@Timeout(400)
class ForeignClientsClusterIT {
    private static final TopicPartition PARTITION = new TopicPartition("lines", 0);

    @TempDir(factory = InTarget.class, cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    private ProcessCluster cluster;

    @BeforeEach
    void start() throws Exception {
        cluster = ProcessCluster.start(folder, Software.named(folder, "scripts"), ClusterShape.ofThree(1));
        try (Admin admin = Admin.create(Map.<String, Object>of("bootstrap.servers", cluster.bootstrapServers()))) {
            admin.createTopics(List.of(new NewTopic(PARTITION.topic(), 1, (short) 3)))
                    .all()
                    .get();
        }
        cluster.awaitKnownToAll(PARTITION.topic());
    }

    @AfterEach
    void stop() {
        if (cluster != null) {
            cluster.close();
        }
    }

    @Test
    void kcatWritesAndReadsOn() throws Exception {
        try (ForeignProcess reader = kcat("read", "-C", "-o", "beginning", "-u", "-q");
                ForeignProcess writer = kcat("write", "-P", "-X", "acks=all", "-X", "enable.idempotence=true");
                Typist typist = new Typist(writer)) {
            killAndReturn(reader);

            List<String> typed = typist.finish();
            assertThat(writer.finish()).as(writer.errors()).isZero();
            reader.awaitLines(typed.size());
            assertThat(reader.lines()).isEqualTo(typed);
        }
    }

    @Test
    void kafkajsWritesAndReadsOnInAGroup() throws Exception {
        String node = ForeignTool.command("node", "nodejs");
        ProcessBuilder command = new ProcessBuilder(
                node, "src/test/clients/kafkajs-through-faults.js", cluster.bootstrapServers(), PARTITION.topic());
        Map<String, String> environment = command.environment();
        environment.put(
                "NODE_PATH", ForeignTool.nodeModules().resolve("node_modules").toString());
        environment.put("KAFKAJS_NO_PARTITIONER_WARNING", "1");
        try (ForeignProcess client = new ForeignProcess(command, folder.resolve("kafkajs"))) {
            killAndReturn(client);

            assertThat(client.finish()).as(client.errors()).isZero();
            List<String> lines = client.lines();
            assertThat(lines.get(lines.size() - 1)).startsWith("ok ");
        }
    }

    /** Kills the leader, and has it back, when the reader has got on before, while it was away, and after. */
    private void killAndReturn(ForeignProcess reader) throws Exception {
        reader.awaitMoreLines(500);
        int leader = cluster.leadership(PARTITION).leader();
        cluster.kill(leader);
        cluster.awaitGone(leader);
        reader.awaitMoreLines(500);
        cluster.start(leader);
        cluster.awaitAllInSync();
        reader.awaitMoreLines(500);
    }

    private ForeignProcess kcat(String name, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                ForeignTool.command("kcat", "kcat"),
                "-b",
                cluster.bootstrapServers(),
                "-t",
                PARTITION.topic(),
                "-X",
                "reconnect.backoff.max.ms=500",
                "-X",
                "socket.timeout.ms=5000"));
        command.addAll(List.of(arguments));
        return new ForeignProcess(new ProcessBuilder(command), folder.resolve("kcat-" + name));
    }
}
