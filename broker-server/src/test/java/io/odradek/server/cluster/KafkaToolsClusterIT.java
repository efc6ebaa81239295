package io.odradek.server.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.odradek.server.clients.Finished;
import io.odradek.server.clients.Peer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code kafka-topics} and {@code kafka-leader-election} of Kafka 3.9.2 and 4.3.1 with three brokers, one of which dies. */
@DisabledOnOs(OS.WINDOWS)
@Timeout(400)
class KafkaToolsClusterIT {
    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final int DIES = 2;
    private static final Pattern PARTITION =
            Pattern.compile("Topic: (\\S+)\\s+Partition: (\\d+)\\s+Leader: (\\S+)\\s+Replicas: (\\S+)\\s+Isr: (\\S*)");

    @TempDir(factory = InTarget.class, cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    private ProcessCluster cluster;
    private Peer tools;

    /**
     * A line of {@code kafka-topics --describe}.
     *
     * @param leader a broker id, or {@code none}
     * @param replicas broker ids, the preferred one first
     * @param isr broker ids
     */
    private record Described(String leader, List<String> replicas, List<String> isr) {
        boolean isWhole() {
            return Set.of("1", "2", "3").equals(Set.copyOf(replicas))
                    && Set.copyOf(replicas).equals(Set.copyOf(isr));
        }

        boolean hasLostOne() {
            return isr.size() == 2 && !isr.contains(Integer.toString(DIES)) && isr.contains(leader);
        }

        boolean isLedByPreferred() {
            return leader.equals(replicas.get(0));
        }
    }

    @BeforeEach
    void start() throws Exception {
        cluster = ProcessCluster.start(
                folder,
                Software.named(folder, "classes"),
                ClusterShape.ofThree(1).with("auto.leader.rebalance.enable", "false"));
    }

    @AfterEach
    void stop() {
        if (cluster != null) {
            cluster.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"3.9.2", "4.3.1"})
    void topicsGrowAreDescribedAndGetTheirLeadersBack(String version) throws Exception {
        tools = new Peer(version, folder.resolve("tools"));
        topics("--create", "--topic", "shared", "--partitions", "3", "--replication-factor", "3");
        topics("--create", "--topic", "single", "--replica-assignment", Integer.toString(DIES));
        topics("--alter", "--topic", "shared", "--partitions", "6");
        awaitThat(shared -> shared.size() == 6 && all(shared, Described::isWhole), "--topic", "shared");
        awaitThat(shared -> all(shared, Described::isLedByPreferred), "--topic", "shared");
        awaitThat(Map::isEmpty, "--under-replicated-partitions");
        awaitThat(Map::isEmpty, "--unavailable-partitions");

        cluster.kill(DIES);
        awaitThat(shared -> shared.size() == 6, "--topic", "shared", "--under-replicated-partitions");
        awaitThat(shared -> all(shared, Described::hasLostOne), "--topic", "shared");
        awaitThat(shared -> shared.size() == 6, "--topic", "shared", "--at-min-isr-partitions");
        awaitThat(Map::isEmpty, "--topic", "shared", "--unavailable-partitions");
        awaitThat(unavailable -> unavailable.keySet().equals(Set.of("single-0")), "--unavailable-partitions");

        cluster.startUntilAccepted(DIES);
        awaitThat(shared -> shared.size() == 6 && all(shared, Described::isWhole), "--topic", "shared");
        awaitThat(Map::isEmpty, "--unavailable-partitions");
        awaitThat(Map::isEmpty, "--under-replicated-partitions");
        awaitThat(shared -> !all(shared, Described::isLedByPreferred), "--topic", "shared");

        assertThat(electPreferred("--all-topic-partitions").output())
                .contains("Successfully completed leader election (PREFERRED)");
        awaitThat(shared -> all(shared, Described::isLedByPreferred), "--topic", "shared");
        assertThat(electPreferred("--all-topic-partitions").output()).isBlank();
        assertThat(electPreferred("--topic", "shared", "--partition", "0").output())
                .contains("Valid replica already elected for partitions shared-0");

        topics("--delete", "--topic", "single");
        await("the deletion")
                .atMost(ProcessCluster.PATIENCE)
                .until(() -> topics("--list").output().lines().toList().equals(List.of("shared")));
    }

    /** Each broker is told a little later than the controller knows, and any of them may be asked. */
    private void awaitThat(Predicate<Map<String, Described>> condition, String... arguments) {
        await(String.join(" ", arguments)).atMost(ProcessCluster.PATIENCE).until(() -> describe(arguments), condition);
    }

    private static boolean all(Map<String, Described> partitions, Predicate<Described> condition) {
        return partitions.values().stream().allMatch(condition);
    }

    private Finished topics(String... arguments) throws Exception {
        return run("org.apache.kafka.tools.TopicCommand", arguments);
    }

    private Finished electPreferred(String... which) throws Exception {
        List<String> arguments = new ArrayList<>(List.of("--election-type", "preferred"));
        arguments.addAll(List.of(which));
        return run("org.apache.kafka.tools.LeaderElectionCommand", arguments.toArray(String[]::new));
    }

    private Finished run(String tool, String... arguments) throws Exception {
        ProcessBuilder command = tools.java(tool, "--bootstrap-server", cluster.bootstrapServers());
        command.command().addAll(List.of(arguments));
        Finished finished = Finished.run(command, "", LIMIT);
        assertThat(finished.status()).as("%s %s", List.of(arguments), finished).isZero();
        return finished;
    }

    /** {@return what is said of each partition, by topic and number} */
    private SortedMap<String, Described> describe(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("--describe"));
        command.addAll(List.of(arguments));
        SortedMap<String, Described> partitions = new TreeMap<>();
        Matcher line = PARTITION.matcher(topics(command.toArray(String[]::new)).output());
        while (line.find()) {
            partitions.put(
                    line.group(1) + "-" + line.group(2),
                    new Described(
                            line.group(3),
                            List.of(line.group(4).split(",")),
                            List.of(line.group(5).split(","))));
        }
        return partitions;
    }
}
