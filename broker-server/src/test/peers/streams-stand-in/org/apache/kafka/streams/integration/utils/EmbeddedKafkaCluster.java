package org.apache.kafka.streams.integration.utils;

import io.odradek.server.embedded.EmbeddedBroker;
import io.odradek.server.embedded.EmbeddedCluster;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.server.util.MockTime;
import org.apache.kafka.test.TestUtils;

/** Stands in for the class of this name in the tests of Kafka Streams: the brokers are those of this project. */
public class EmbeddedKafkaCluster {
    private static final long WITHIN_MS = 30_000;
    private static final long LONGER_THAN_ANY_TEST_MS = 86_400_000;

    public final MockTime time;

    private final int brokers;
    private final Map<String, String> settings = new TreeMap<>();
    private EmbeddedBroker broker;
    private EmbeddedCluster cluster;
    private Admin admin;

    public EmbeddedKafkaCluster(int brokers) {
        this(brokers, new Properties());
    }

    public EmbeddedKafkaCluster(int brokers, Properties settings) {
        this(brokers, settings, System.currentTimeMillis());
    }

    public EmbeddedKafkaCluster(int brokers, Properties settings, long startMs) {
        this(brokers, settings, List.of(), startMs);
    }

    public EmbeddedKafkaCluster(int brokers, Properties settings, List<Properties> ofEachBroker) {
        this(brokers, settings, ofEachBroker, System.currentTimeMillis());
    }

    public EmbeddedKafkaCluster(int brokers, Properties settings, List<Properties> ofEachBroker, long startMs) {
        this(brokers, settings, ofEachBroker, startMs, System.nanoTime());
    }

    public EmbeddedKafkaCluster(
            int brokers, Properties settings, List<Properties> ofEachBroker, long startMs, long startNs) {
        if (!ofEachBroker.isEmpty()) {
            throw new UnsupportedOperationException("the brokers of an EmbeddedCluster have the same settings");
        }
        this.brokers = brokers;
        time = new MockTime(startMs, startNs);
        this.settings.put("group.min.session.timeout.ms", "0");
        this.settings.put("offsets.topic.replication.factor", "1");
        this.settings.put("offsets.topic.num.partitions", "5");
        this.settings.put("transaction.state.log.num.partitions", "5");
        // The clock of Kafka's own stands at the time a test chooses, 1970 for some: to ours its records are too old to keep.
        this.settings.put("log.initial.task.delay.ms", Long.toString(LONGER_THAN_ANY_TEST_MS));
        settings.forEach((name, value) -> this.settings.put(name.toString(), value.toString()));
    }

    public void start() {
        if (brokers == 1) {
            EmbeddedBroker.Builder builder = EmbeddedBroker.builder();
            settings.forEach(builder::setting);
            broker = builder.start();
        } else {
            EmbeddedCluster.Builder builder = EmbeddedCluster.builder(brokers);
            settings.forEach(builder::setting);
            cluster = builder.start();
        }
        admin = Admin.create(Map.<String, Object>of("bootstrap.servers", bootstrapServers()));
    }

    public void stop() {
        if (admin != null) {
            admin.close();
        }
        if (broker != null) {
            broker.close();
        }
        if (cluster != null) {
            cluster.close();
        }
    }

    public String bootstrapServers() {
        return broker != null ? broker.bootstrapServers() : cluster.bootstrapServers();
    }

    public void createTopics(String... topics) throws InterruptedException {
        for (String topic : topics) {
            createTopic(topic, 1, 1, Map.of());
        }
    }

    public void createTopic(String topic) throws InterruptedException {
        createTopic(topic, 1, 1, Map.of());
    }

    public void createTopic(String topic, int partitions, int replicas) throws InterruptedException {
        createTopic(topic, partitions, replicas, Map.of());
    }

    public void createTopic(String topic, int partitions, int replicas, Map<String, String> topicSettings)
            throws InterruptedException {
        NewTopic created = new NewTopic(topic, partitions, (short) replicas).configs(topicSettings);
        await(() -> admin.createTopics(List.of(created)).all().get());
        TestUtils.waitForCondition(() -> isKnown(topic, partitions), WITHIN_MS, () -> topic + " is not known");
    }

    private boolean isKnown(String topic, int partitions) throws InterruptedException {
        for (String address : bootstrapServers().split(",")) {
            try (Admin one = Admin.create(Map.<String, Object>of("bootstrap.servers", address))) {
                TopicDescription known =
                        one.describeTopics(List.of(topic)).allTopicNames().get().get(topic);
                if (known.partitions().size() < partitions
                        || known.partitions().stream().anyMatch(partition -> partition.leader() == null)) {
                    return false;
                }
            } catch (ExecutionException notYet) {
                return false;
            }
        }
        return true;
    }

    public void deleteTopic(String topic) throws InterruptedException {
        delete(List.of(topic));
    }

    public void deleteTopics(String... topics) throws InterruptedException {
        delete(List.of(topics));
    }

    public void deleteTopicAndWait(String topic) throws InterruptedException {
        deleteTopicsAndWait(WITHIN_MS, topic);
    }

    public void deleteTopicAndWait(long withinMs, String topic) throws InterruptedException {
        deleteTopicsAndWait(withinMs, topic);
    }

    public void deleteTopicsAndWait(String... topics) throws InterruptedException {
        deleteTopicsAndWait(WITHIN_MS, topics);
    }

    public void deleteTopicsAndWait(long withinMs, String... topics) throws InterruptedException {
        delete(List.of(topics));
        if (withinMs > 0) {
            awaitGone(withinMs, Arrays.asList(topics));
        }
    }

    public void deleteAllTopicsAndWait(long withinMs) throws InterruptedException {
        Set<String> all = new HashSet<>(getAllTopicsInCluster());
        all.removeIf(topic -> topic.startsWith("__"));
        delete(all);
        awaitGone(withinMs, all);
    }

    public void waitForRemainingTopics(long withinMs, String... topics) throws InterruptedException {
        Set<String> expected = Set.of(topics);
        TestUtils.waitForCondition(
                () -> getAllTopicsInCluster().equals(expected), withinMs, () -> "other topics than " + expected);
    }

    public Properties getLogConfig(String topic) {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        Properties set = new Properties();
        for (ConfigEntry entry :
                await(() -> admin.describeConfigs(List.of(resource)).all().get().get(resource)).entries()) {
            if (entry.source() == ConfigEntry.ConfigSource.DYNAMIC_TOPIC_CONFIG) {
                set.setProperty(entry.name(), entry.value());
            }
        }
        return set;
    }

    public Set<String> getAllTopicsInCluster() {
        return await(() -> admin.listTopics(new org.apache.kafka.clients.admin.ListTopicsOptions().listInternal(true))
                .names()
                .get());
    }

    private void delete(Collection<String> topics) {
        for (String topic : topics) {
            try {
                admin.deleteTopics(List.of(topic)).all().get();
            } catch (ExecutionException failure) {
                if (!(failure.getCause() instanceof UnknownTopicOrPartitionException)) {
                    throw new IllegalStateException(failure);
                }
            } catch (InterruptedException interrupted) {
                throw new IllegalStateException(interrupted);
            }
        }
    }

    private void awaitGone(long withinMs, Collection<String> topics) throws InterruptedException {
        TestUtils.waitForCondition(
                () -> getAllTopicsInCluster().stream().noneMatch(topics::contains),
                withinMs,
                () -> "not deleted: " + topics);
    }

    private interface Question<T> {
        T ask() throws ExecutionException, InterruptedException;
    }

    private static <T> T await(Question<T> question) {
        try {
            return question.ask();
        } catch (ExecutionException | InterruptedException failure) {
            throw new IllegalStateException(failure);
        }
    }
}
