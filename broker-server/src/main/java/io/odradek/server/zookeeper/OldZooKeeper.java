package io.odradek.server.zookeeper;

import io.odradek.core.adoption.OldTopics;
import io.odradek.core.adoption.OldTopics.OldTopic;
import io.odradek.core.adoption.SettingsSource;
import io.odradek.core.config.BrokerConfig;
import io.odradek.core.coordination.ClusterPaths;
import io.odradek.core.coordination.node.TopicConfigNode;
import io.odradek.core.coordination.node.TopicNode;
import java.io.IOException;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.client.ZKClientConfig;
import org.apache.zookeeper.common.ZKConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the ZooKeeper of an old cluster knows of its topics ({@code odradek.adopt.zookeeper.connect}). It is read and nothing
 * in it is changed; the connection lasts as long as the reading.
 */
public final class OldZooKeeper implements SettingsSource {
    /** The setting that names it. */
    public static final String CONNECT = "odradek.adopt.zookeeper.connect";

    private static final Logger LOG = LoggerFactory.getLogger(OldZooKeeper.class);

    private static final String BROKER_CONFIGS = "/config/brokers/";
    private static final String ALL_BROKERS = "<default>";

    /** One answer names all topics. */
    private static final int MOST_READ_BYTES = 64 << 20;

    private final Ensemble ensemble;
    private final int timeoutMs;
    private final ClientSecurity security;

    private OldZooKeeper(String connect, int timeoutMs, ClientSecurity security) {
        this.ensemble = Ensemble.parse(CONNECT, connect);
        this.timeoutMs = timeoutMs;
        this.security = security;
    }

    /**
     * {@return the ensemble that a broker's configuration names there}
     *
     * @throws io.odradek.core.config.ConfigException if that names none, or what guards the connection cannot be used
     */
    public static SettingsSource of(BrokerConfig config) {
        return new OldZooKeeper(
                config.text(CONNECT), config.int32("odradek.adopt.zookeeper.timeout.ms"), ClientSecurity.of(config));
    }

    @Override
    public OldTopics read(int brokerId) throws IOException {
        CountDownLatch connected = new CountDownLatch(1);
        ZooKeeper client = new ZooKeeper(
                ensemble.connectString(),
                timeoutMs,
                event -> {
                    if (event.getState() == KeeperState.SyncConnected
                            || event.getState() == KeeperState.ConnectedReadOnly) {
                        connected.countDown();
                    }
                },
                true,
                config());
        try {
            try {
                if (!connected.await(timeoutMs, TimeUnit.MILLISECONDS)) {
                    throw failure("nobody answers within " + timeoutMs + " ms", null);
                }
                return new OldTopics(
                        "ZooKeeper " + ensemble.connectString(),
                        true,
                        topics(client),
                        brokerSettings(client, brokerId));
            } catch (KeeperException.NoNodeException none) {
                throw failure("it holds no cluster of Kafka's: check the path after the last server", none);
            } catch (KeeperException lost) {
                throw failure(lost.getMessage(), lost);
            } finally {
                client.close();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw failure("interrupted", interrupted);
        }
    }

    private ZKClientConfig config() {
        ZKClientConfig config = security.clientConfig();
        config.setProperty(ZKClientConfig.ZOOKEEPER_REQUEST_TIMEOUT, Integer.toString(timeoutMs));
        if (config.getProperty(ZKConfig.JUTE_MAXBUFFER) == null) {
            config.setProperty(ZKConfig.JUTE_MAXBUFFER, Integer.toString(MOST_READ_BYTES));
        }
        return config;
    }

    private IOException failure(String what, Exception cause) {
        return new IOException(
                "The ZooKeeper of the old cluster, " + CONNECT + "=" + ensemble.connectString() + ", cannot be read: "
                        + what + ". Without this setting, topics are adopted with unconfirmed settings",
                cause);
    }

    private static SortedMap<String, OldTopic> topics(ZooKeeper client) throws KeeperException, InterruptedException {
        SortedMap<String, OldTopic> topics = new TreeMap<>();
        for (String topic : client.getChildren(ClusterPaths.TOPICS, false)) {
            byte[] data = dataOrNull(client, ClusterPaths.topic(topic));
            byte[] config = dataOrNull(client, ClusterPaths.topicConfig(topic));
            try {
                if (data != null) {
                    TopicNode node = TopicNode.decode(data);
                    topics.put(
                            topic, new OldTopic(node.topicId(), node.replicas().size(), overrides(config)));
                }
            } catch (IllegalArgumentException unreadable) {
                LOG.warn("What ZooKeeper has of topic {} cannot be read: {}", topic, unreadable.getMessage());
            }
        }
        return topics;
    }

    private static SortedMap<String, String> brokerSettings(ZooKeeper client, int brokerId)
            throws KeeperException, InterruptedException {
        SortedMap<String, String> settings = new TreeMap<>();
        for (String broker : List.of(ALL_BROKERS, Integer.toString(brokerId))) {
            try {
                settings.putAll(overrides(dataOrNull(client, BROKER_CONFIGS + broker)));
            } catch (IllegalArgumentException unreadable) {
                LOG.warn("What ZooKeeper has of broker {} cannot be read: {}", broker, unreadable.getMessage());
            }
        }
        return settings;
    }

    private static SortedMap<String, String> overrides(byte[] data) {
        return data == null || data.length == 0
                ? new TreeMap<>()
                : TopicConfigNode.decode(data).overrides();
    }

    private static byte[] dataOrNull(ZooKeeper client, String path) throws KeeperException, InterruptedException {
        try {
            return client.getData(path, false, null);
        } catch (KeeperException.NoNodeException gone) {
            return null;
        }
    }
}
