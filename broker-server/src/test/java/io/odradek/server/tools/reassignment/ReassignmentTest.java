package io.odradek.server.tools.reassignment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.odradek.server.json.Json;
import io.odradek.server.tools.ToolException;
import io.odradek.server.tools.TopicPartitions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.DescribeReplicaLogDirsResult.ReplicaLogDirInfo;
import org.apache.kafka.clients.admin.PartitionReassignment;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionReplica;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is made of a file, and of what is known of moves, without a broker. */
class ReassignmentTest {
    private static final TopicPartition T0 = new TopicPartition("t", 0);
    private static final TopicPartition T10 = new TopicPartition("t", 10);
    private static final TopicPartition T2 = new TopicPartition("t", 2);

    @TempDir
    private Path folder;

    private Reassignment read(String text) throws Exception {
        return Reassignment.read(
                Files.writeString(folder.resolve("move.json"), text).toString());
    }

    @Test
    void aFileIsWrittenAsItIsRead() throws Exception {
        String text = "{\"version\":1,\"partitions\":["
                + "{\"topic\":\"t\",\"partition\":0,\"replicas\":[2,1],\"log_dirs\":[\"any\",\"/data\"]},"
                + "{\"topic\":\"t\",\"partition\":2,\"replicas\":[1],\"log_dirs\":[\"any\"]}]}";
        Reassignment read = read(text);
        assertThat(read.replicas()).containsExactly(Map.entry(T0, List.of(2, 1)), Map.entry(T2, List.of(1)));
        assertThat(read.folders()).containsExactly(Map.entry(new TopicPartitionReplica("t", 0, 1), "/data"));
        assertThat(Json.text(read.object())).isEqualTo(text);
        assertThat(read(text.replace("\"version\":1,", "").replace(",\"log_dirs\":[\"any\"]", "")))
                .isEqualTo(read);
    }

    @Test
    void aFileThatCannotBeMeantIsNamedWithWhatIsWrong() {
        refuses("", "cannot be used: not JSON: the text ends too early at character 0");
        refuses("[]", "cannot be used: not a JSON object");
        refuses("{\"version\":2}", "has version 2, and only 1 is known");
        refuses("{\"version\":1}", "cannot be used: field \"partitions\" is not a list");
        refuses("{\"partitions\":[]}", "cannot be used: it names no partitions");
        refuses(of("\"topic\":\"t\",\"partition\":0"), "cannot be used: field \"replicas\" is not a list");
        refuses(
                of("\"topic\":\"t\",\"partition\":0,\"replicas\":[1.5]"),
                "cannot be used: field \"replicas\" is not a list of integers");
        refuses(of("\"topic\":\"t\",\"partition\":0,\"replicas\":[]"), "cannot be used: it names no replicas of t-0");
        refuses(
                of("\"topic\":\"t\",\"partition\":0,\"replicas\":[1,1]"),
                "cannot be used: it names a replica of t-0 twice");
        refuses(
                of("\"topic\":\"t\",\"partition\":0,\"replicas\":[1,2],\"log_dirs\":[\"any\"]"),
                "cannot be used: it names 2 replicas of t-0 and 1 folders for them");
        String twice = "{\"topic\":\"t\",\"partition\":0,\"replicas\":[1]}";
        refuses("{\"partitions\":[" + twice + "," + twice + "]}", "cannot be used: it names t-0 twice");
        assertThatThrownBy(() -> Reassignment.read("nowhere.json")).hasMessage("There is no file nowhere.json");
    }

    private static String of(String fields) {
        return "{\"partitions\":[{" + fields + "}]}";
    }

    private void refuses(String text, String why) {
        assertThatThrownBy(() -> read(text))
                .isInstanceOf(ToolException.class)
                .hasMessage(folder.resolve("move.json") + " " + why);
    }

    @Test
    void aThrottleIsOfAllThatCopiesWhenMovesBegin() {
        SortedMap<TopicPartition, PartitionReassignment> underWay = new TreeMap<>(TopicPartitions.IN_ORDER);
        underWay.put(T0, new PartitionReassignment(List.of(1, 2, 3), List.of(3), List.of(1)));
        underWay.put(T10, new PartitionReassignment(List.of(2, 4), List.of(4), List.of()));

        SortedMap<TopicPartition, PartitionMove> moves = PartitionMove.all(
                underWay,
                Map.of(T0, List.of(4, 2), T2, List.of(3, 1)),
                Map.of(T0, List.of(1, 2, 3), T2, List.of(1, 2)));

        assertThat(Throttles.replicas(moves, PartitionMove::sources)).isEqualTo(Map.of("t", "0:1,0:2,10:2,2:1,2:2"));
        assertThat(Throttles.replicas(moves, PartitionMove::destinations)).isEqualTo(Map.of("t", "0:4,10:4,2:3"));
    }

    @Test
    void aMoveToAnotherFolderIsToldInKafkasWords() {
        TopicPartitionReplica replica = new TopicPartitionReplica("t", 0, 1);
        assertThat(FolderMove.of("/b", null).text(replica))
                .isEqualTo("Partition t-0 cannot be found in any live log directory on broker 1.");
        assertThat(of(null, null).text(replica))
                .isEqualTo("Partition t-0 is not found in any live log dir on broker 1. There is likely an offline log"
                        + " directory on the broker.");
        assertThat(of("/a", null).text(replica))
                .isEqualTo("Partition t-0 on broker 1 is not being moved from log dir /a to /b.");
        assertThat(of("/a", "/b").text(replica)).isEqualTo("Reassignment of replica t-0-1 is still in progress.");
        assertThat(of("/a", "/c").text(replica))
                .isEqualTo("Partition t-0 on broker 1 is being moved to log dir /c instead of /b.");
        assertThat(of("/b", null).text(replica)).isEqualTo("Reassignment of replica t-0-1 completed successfully.");
        assertThat(of("/a", null).ended()).isTrue();
        assertThat(of("/a", "/b").ended()).isFalse();
        assertThat(FolderMove.of("/b", null).ended()).isFalse();
    }

    private static FolderMove of(String current, String future) {
        return FolderMove.of("/b", new Shown(current, future).info());
    }

    /** The client's own has no public constructor. */
    private record Shown(String current, String future) {
        ReplicaLogDirInfo info() {
            try {
                var constructor = ReplicaLogDirInfo.class.getDeclaredConstructor(
                        String.class, long.class, String.class, long.class);
                constructor.setAccessible(true);
                return constructor.newInstance(current, 0L, future, 0L);
            } catch (ReflectiveOperationException absent) {
                throw new AssertionError(absent);
            }
        }
    }
}
