package io.odradek.server.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.TopicPartition;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.Stat;

/**
 * What a cluster keeps in ZooKeeper: who is there, who is controller, who leads. Unlike the metadata of a broker it is never
 * stale, and Kafka and Odradek write it in the same words.
 */
final class ClusterTree implements AutoCloseable {
    private static final int SESSION_MS = 10_000;
    private static final Pattern LEADER = Pattern.compile("\"leader\":(-?\\d+)");
    private static final Pattern LEADER_EPOCH = Pattern.compile("\"leader_epoch\":(\\d+)");
    private static final Pattern ISR = Pattern.compile("\"isr\":\\[([^]]*)]");
    private static final Pattern BROKER_ID = Pattern.compile("\"brokerid\":(\\d+)");

    private final String connect;
    private ZooKeeper client;

    /** @param connect hosts and ports, as {@code zookeeper.connect} has them */
    ClusterTree(String connect) {
        this.connect = connect;
    }

    /**
     * Who leads a partition, and who is in sync.
     *
     * @param leader its broker, -1 for none
     * @param epoch how often it was led anew
     * @param isr the brokers in sync
     */
    record Leadership(int leader, int epoch, TreeSet<Integer> isr) {}

    /** The brokers that are registered. */
    TreeSet<Integer> brokers() throws KeeperException, InterruptedException, IOException {
        TreeSet<Integer> ids = new TreeSet<>();
        for (String id : client().getChildren("/brokers/ids", false)) {
            ids.add(Integer.valueOf(id));
        }
        return ids;
    }

    /** {@return which of its registrations a broker has, in the order of time, or 0 if it has none} */
    long brokerEpoch(int id) throws KeeperException, InterruptedException, IOException {
        Stat stat = client().exists("/brokers/ids/" + id, false);
        return stat == null ? 0 : stat.getCzxid();
    }

    /** The controller; fails with {@link KeeperException.NoNodeException} while there is none. */
    int controller() throws KeeperException, InterruptedException, IOException {
        return number(BROKER_ID, read("/controller"));
    }

    /** How many controllers there have been. */
    int controllerEpoch() throws KeeperException, InterruptedException, IOException {
        return Integer.parseInt(read("/controller_epoch"));
    }

    /** All partitions that are led, or have been. */
    SortedMap<String, Leadership> partitions() throws KeeperException, InterruptedException, IOException {
        SortedMap<String, Leadership> found = new TreeMap<>();
        for (String topic : client().getChildren("/brokers/topics", false)) {
            for (String partition : partitionsOf(topic)) {
                found.put(topic + "-" + partition, leadership(topic, partition));
            }
        }
        return found;
    }

    Leadership leadership(TopicPartition partition) throws KeeperException, InterruptedException, IOException {
        return leadership(partition.topic(), Integer.toString(partition.partition()));
    }

    private List<String> partitionsOf(String topic) throws KeeperException, InterruptedException, IOException {
        return new ArrayList<>(new TreeSet<>(client().getChildren("/brokers/topics/" + topic + "/partitions", false)));
    }

    private Leadership leadership(String topic, String partition)
            throws KeeperException, InterruptedException, IOException {
        String state = read("/brokers/topics/" + topic + "/partitions/" + partition + "/state");
        Matcher isr = ISR.matcher(state);
        if (!isr.find()) {
            throw new IOException("No ISR in " + state);
        }
        TreeSet<Integer> ids = new TreeSet<>();
        for (String id : isr.group(1).isBlank() ? new String[0] : isr.group(1).split(",")) {
            ids.add(Integer.valueOf(id.strip()));
        }
        return new Leadership(number(LEADER, state), number(LEADER_EPOCH, state), ids);
    }

    private static int number(Pattern pattern, String json) throws IOException {
        Matcher match = pattern.matcher(json);
        if (!match.find()) {
            throw new IOException("No " + pattern + " in " + json);
        }
        return Integer.parseInt(match.group(1));
    }

    /** What a topic's node says of its replicas. */
    String topic(String name) throws KeeperException, InterruptedException, IOException {
        return read("/brokers/topics/" + name);
    }

    /** Deletes a node, if it is there. */
    void delete(String path) throws KeeperException, InterruptedException, IOException {
        if (client().exists(path, false) != null) {
            client().delete(path, -1);
        }
    }

    private String read(String path) throws KeeperException, InterruptedException, IOException {
        return new String(client().getData(path, false, null), UTF_8);
    }

    private ZooKeeper client() throws IOException {
        if (client == null || !client.getState().isAlive()) {
            close();
            client = new ZooKeeper(connect, SESSION_MS, event -> {});
        }
        return client;
    }

    @Override
    public void close() {
        if (client == null) {
            return;
        }
        try {
            client.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        client = null;
    }
}
