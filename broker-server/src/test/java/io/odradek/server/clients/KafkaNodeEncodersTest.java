package io.odradek.server.clients;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.coordination.node.FeatureNode;
import io.odradek.core.coordination.node.PartitionStateNode;
import io.odradek.core.coordination.node.PartitionsNode;
import io.odradek.core.coordination.node.ReassignmentNode;
import io.odradek.protocol.TopicPartition;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Nodes that Apache Kafka 3.9.2 writes seldom or only reads, beside what its own encoders make of the same facts. */
@Timeout(300)
class KafkaNodeEncodersTest {
    private static final TopicPartition B = new TopicPartition("b", 1);
    private static final TopicPartition A = new TopicPartition("a", 2);

    @TempDir
    Path folder;

    private static String text(byte[] encoded) {
        return new String(encoded, UTF_8);
    }

    @Test
    void theBytesAreTheSame() throws Exception {
        Map<String, String> kafkas = new LinkedHashMap<>();
        Process process =
                new Peer("3.9.2", folder).java("src/test/peers/Znodes.java").start();
        String output = text(process.getInputStream().readAllBytes());
        assertThat(process.waitFor()).as(output).isZero();
        output.lines().forEach(line -> kafkas.put(line.split("\t")[0], line.split("\t")[1]));

        Map<TopicPartition, List<Integer>> moves = new LinkedHashMap<>();
        moves.put(B, List.of(1, 2));
        moves.put(A, List.of(3));
        assertThat(kafkas)
                .containsEntry("isr", text(new PartitionsNode(List.of(B, A)).encode()))
                .containsEntry("preferred", text(new PartitionsNode(List.of(B, A)).encode()))
                .containsEntry("reassign", text(new ReassignmentNode(moves).encode()))
                .containsEntry("recovering", text(new PartitionStateNode(1, 2, List.of(3, 4), 6, true).encode()))
                .containsEntry("features", text(new FeatureNode(true, new TreeMap<>(Map.of("one", 7))).encode()));
        assertThat(FeatureNode.decode(kafkas.get("old features").getBytes(UTF_8)))
                .isEqualTo(FeatureNode.decode(kafkas.get("features").getBytes(UTF_8)));
    }
}
