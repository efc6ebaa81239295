package io.odradek.server.cluster;

import io.odradek.protocol.api.MetadataRequest;
import io.odradek.protocol.api.MetadataRequest.MetadataRequestTopic;
import io.odradek.protocol.api.MetadataResponse;
import io.odradek.protocol.api.MetadataResponse.MetadataResponseTopic;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.wire.Uuid;
import io.odradek.server.cluster.ClusterTree.Leadership;
import io.odradek.server.net.RawClient;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;
import org.apache.zookeeper.KeeperException;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/**
 * Brokers and ZooKeeper servers in processes of their own, on the loopback interface. Broker ids and server numbers begin with
 * 1. All waiting is for conditions in the cluster's tree, with an end.
 */
final class ProcessCluster implements AutoCloseable {
    /** How long the cluster may take for anything, on a machine that is busy with other things. */
    static final Duration PATIENCE = Duration.ofSeconds(90);

    private static final Duration POLL = Duration.ofMillis(50);

    private final Path folder;
    private final ZooKeeperProcesses zooKeepers;
    private final SortedMap<Integer, Integer> ports = new TreeMap<>();
    private final SortedMap<Integer, ServerProcess> brokers = new TreeMap<>();
    private final ClusterTree tree;

    private ProcessCluster(Path folder, ZooKeeperProcesses zooKeepers) {
        this.folder = folder;
        this.zooKeepers = zooKeepers;
        this.tree = new ClusterTree(zooKeepers.connect());
    }

    /**
     * Starts ZooKeeper and the brokers, and returns when all are registered.
     *
     * @param folder for all that they write
     * @param software whose programs they are
     * @param shape how many of each, and what the brokers are told
     */
    static ProcessCluster start(Path folder, Software software, ClusterShape shape) throws Exception {
        ProcessCluster cluster =
                new ProcessCluster(folder, ZooKeeperProcesses.of(folder, software, shape.zooKeepers()));
        try {
            cluster.zooKeepers.start();
            for (int id = 1; id <= shape.brokers(); id++) {
                cluster.addBroker(software, shape, id);
            }
            for (ServerProcess broker : cluster.brokers.values()) {
                broker.start();
            }
            cluster.awaitAllRegistered();
            return cluster;
        } catch (Throwable failed) {
            cluster.close();
            throw failed;
        }
    }

    private void addBroker(Software software, ClusterShape shape, int id) throws IOException {
        Path home = Files.createDirectories(folder.resolve("broker-" + id));
        int port = LoopbackPorts.free();
        Path settings = home.resolve("broker.properties");
        List<String> lines = new ArrayList<>(List.of(
                "broker.id=" + id,
                "listeners=PLAINTEXT://127.0.0.1:" + port,
                "log.dirs=" + data(id),
                "zookeeper.connect=" + zooKeepers.connect()));
        shape.settings().forEach((name, value) -> lines.add(name + "=" + value));
        Files.write(settings, lines);
        ports.put(id, port);
        brokers.put(id, new ServerProcess("broker " + id, software.broker(settings, home), home.resolve("out")));
    }

    /**
     * Goes on with other programs, over what those before have left; all brokers are to be down. Their sessions are ended, as
     * ZooKeeper would after a while.
     */
    void takeOver(Software software) throws Exception {
        for (int id : ids()) {
            tree.delete("/brokers/ids/" + id);
            Path home = folder.resolve("broker-" + id);
            ProcessBuilder command = software.broker(home.resolve("broker.properties"), home);
            brokers.put(id, new ServerProcess("broker " + id, command, home.resolve("out")));
        }
        tree.delete("/controller");
        for (ServerProcess broker : brokers.values()) {
            broker.start();
        }
        awaitAllRegistered();
    }

    String bootstrapServers() {
        return ports.values().stream().map(port -> "127.0.0.1:" + port).collect(Collectors.joining(","));
    }

    /** The broker's log folder. */
    Path data(int id) {
        return folder.resolve("broker-" + id).resolve("data");
    }

    ClusterTree tree() {
        return tree;
    }

    ZooKeeperProcesses zooKeepers() {
        return zooKeepers;
    }

    TreeSet<Integer> ids() {
        return new TreeSet<>(brokers.keySet());
    }

    /** Starts a broker that is down, and returns when it is registered. */
    void start(int id) throws IOException {
        brokers.get(id).start();
        await("registration of broker " + id, () -> {
            brokers.get(id).assertRuns();
            return tree.brokers().contains(id);
        });
    }

    /** Starts a broker that is down, again and again if it ends because its predecessor's session still stands. */
    void startUntilAccepted(int id) throws IOException {
        ServerProcess broker = brokers.get(id);
        long before = epoch(id);
        broker.start();
        await("a new registration of broker " + id, () -> {
            if (!broker.runs()) {
                broker.start();
            }
            return epoch(id) > before;
        });
    }

    private long epoch(int id) {
        return awaitValue("ZooKeeper's answer", () -> tree.brokerEpoch(id));
    }

    /** Stops a broker in order. */
    void stop(int id) throws InterruptedException {
        brokers.get(id).stop();
    }

    /** Kills a broker, and returns at once: the others do not know yet. */
    void kill(int id) throws InterruptedException {
        brokers.get(id).kill();
    }

    void pause(int id) throws IOException, InterruptedException {
        brokers.get(id).pause();
    }

    void resume(int id) throws IOException, InterruptedException {
        brokers.get(id).resume();
    }

    /** Deletes all that a broker which is down has stored. */
    void wipe(int id) throws IOException {
        if (brokers.get(id).runs()) {
            throw new IllegalStateException("broker " + id + " runs");
        }
        try (Stream<Path> all = Files.walk(data(id))) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    /** Waits until the others have noticed that a broker is gone: its session is over, and it leads nothing. */
    void awaitGone(int id) {
        await("the end of broker " + id + "'s part", () -> {
            return !tree.brokers().contains(id)
                    && tree.controller() != id
                    && tree.partitions().values().stream()
                            .noneMatch(
                                    state -> state.leader() == id || state.isr().contains(id));
        });
    }

    /** Waits until a broker's session is over. */
    void awaitUnregistered(int id) {
        await("the end of broker " + id + "'s session", () -> !tree.brokers().contains(id));
    }

    void awaitAllRegistered() {
        await("registration of " + ids(), () -> {
            brokers.values().forEach(ServerProcess::assertRuns);
            return tree.brokers().equals(ids()) && tree.controller() > 0;
        });
    }

    /** Waits until every broker is there and every replica in sync. */
    void awaitAllInSync() {
        awaitAllRegistered();
        await("all replicas in sync", () -> {
            brokers.values().forEach(ServerProcess::assertRuns);
            return tree.partitions().values().stream()
                    .allMatch(state -> state.leader() > 0 && state.isr().equals(ids()));
        });
    }

    /** Waits until no broker leads all the partitions: leaders go back to the first replicas. */
    void awaitSpread(List<TopicPartition> partitions) {
        await("several leaders of " + partitions, () -> {
            TreeSet<Integer> leaders = new TreeSet<>();
            for (TopicPartition partition : partitions) {
                leaders.add(tree.leadership(partition).leader());
            }
            leaders.remove(-1);
            return leaders.size() > 1;
        });
    }

    /** Waits until every broker tells clients who leads a topic: the controller answers when it tells so itself. */
    void awaitKnownToAll(String topic) {
        MetadataRequest request =
                new MetadataRequest(List.of(new MetadataRequestTopic(Uuid.ZERO, topic)), false, false, false);
        for (int port : ports.values()) {
            await("topic " + topic + " at port " + port, () -> {
                try (RawClient client = new RawClient(new InetSocketAddress("127.0.0.1", port))) {
                    MetadataResponseTopic answer = client.ask(request, 9, MetadataResponse.class)
                            .topics()
                            .get(0);
                    return answer.errorCode() == ErrorCode.NONE
                            && answer.partitions().stream()
                                    .allMatch(partition -> partition.errorCode() == ErrorCode.NONE);
                } catch (IOException notYet) {
                    return false;
                }
            });
        }
    }

    /** Who leads the partition, once somebody does. */
    Leadership leadership(TopicPartition partition) {
        return awaitValue("a leader of " + partition, () -> {
            Leadership state = tree.leadership(partition);
            return state.leader() > 0 ? state : null;
        });
    }

    int controller() {
        return awaitValue("a controller", tree::controller);
    }

    private void await(String what, Callable<Boolean> condition) {
        awaitValue(what, () -> condition.call() ? true : null);
    }

    private <T> T awaitValue(String what, Callable<T> value) {
        try {
            return Awaitility.await(what)
                    .atMost(PATIENCE)
                    .pollInterval(POLL)
                    .ignoreExceptionsInstanceOf(KeeperException.class)
                    .until(value, found -> found != null);
        } catch (ConditionTimeoutException late) {
            throw new AssertionError(late.getMessage() + "\n" + describe(), late);
        }
    }

    /** What the tree says and what the processes wrote last. */
    String describe() {
        StringBuilder text = new StringBuilder("logs in ").append(folder).append('\n');
        try {
            text.append("registered ").append(tree.brokers()).append('\n');
            text.append("controller ").append(tree.controller()).append('\n');
            for (Map.Entry<String, Leadership> partition : tree.partitions().entrySet()) {
                text.append(partition.getKey())
                        .append(' ')
                        .append(partition.getValue())
                        .append('\n');
            }
        } catch (KeeperException | InterruptedException | IOException e) {
            text.append(e).append('\n');
        }
        brokers.forEach((id, broker) -> text.append("broker ")
                .append(id)
                .append(broker.runs() ? " runs\n" : " is down\n")
                .append(broker.lastLines()));
        return text.toString();
    }

    @Override
    public void close() {
        brokers.values().forEach(ServerProcess::close);
        tree.close();
        zooKeepers.close();
    }
}
