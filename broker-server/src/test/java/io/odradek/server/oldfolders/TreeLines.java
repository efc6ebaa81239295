package io.odradek.server.oldfolders;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.odradek.server.zookeeper.TestEnsemble;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.Stat;
import org.awaitility.Awaitility;

/** The nodes of a tree in ZooKeeper that outlast sessions, a line each: its path, and its data after a tab where it has any. */
final class TreeLines {
    private final ZooKeeper client;

    TreeLines(TestEnsemble ensemble) throws Exception {
        client = ensemble.observer();
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> client.getState().isConnected());
    }

    List<String> read() throws Exception {
        List<String> lines = new ArrayList<>();
        read("/", lines);
        return lines;
    }

    private void read(String path, List<String> lines) throws Exception {
        Stat stat = new Stat();
        byte[] data = client.getData(path, false, stat);
        if (stat.getEphemeralOwner() != 0) {
            return;
        }
        if (path.length() > 1) {
            lines.add(data == null ? path : path + "\t" + new String(data, UTF_8));
        }
        for (String child : client.getChildren(path, false).stream().sorted().toList()) {
            if (!child.equals("zookeeper")) {
                read(path.length() > 1 ? path + "/" + child : "/" + child, lines);
            }
        }
    }

    void write(List<String> lines) throws Exception {
        for (String line : lines) {
            String[] pathAndData = line.split("\t", 2);
            create(pathAndData[0], pathAndData.length > 1 ? pathAndData[1] : null, CreateMode.PERSISTENT);
        }
    }

    /** Creates a topic with a partition on broker 0, as Kafka's tools did before there was a request for it. */
    void createTopic(String topic, String settings) throws Exception {
        set("/config/topics/" + topic, "{\"version\":1,\"config\":{" + settings + "}}");
        create("/brokers/topics/" + topic, "{\"version\":1,\"partitions\":{\"0\":[0]}}", CreateMode.PERSISTENT);
    }

    /** Sets the data of a node that may be there. */
    void set(String path, String data) throws Exception {
        try {
            client.setData(path, data.getBytes(UTF_8), -1);
        } catch (KeeperException.NoNodeException absent) {
            create(path, data, CreateMode.PERSISTENT);
        }
    }

    boolean has(String path) throws Exception {
        return client.exists(path, false) != null;
    }

    private void create(String path, String data, CreateMode mode) throws Exception {
        client.create(path, data == null ? null : data.getBytes(UTF_8), ZooDefs.Ids.OPEN_ACL_UNSAFE, mode);
    }
}
