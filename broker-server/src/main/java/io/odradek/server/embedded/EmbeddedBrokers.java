package io.odradek.server.embedded;

import io.odradek.server.inspect.BrokerAccess;
import io.odradek.server.inspect.ConsumerGroup;
import io.odradek.server.inspect.StoredRecord;
import io.odradek.server.inspect.StoredTopic;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a test can do with an {@link EmbeddedBroker} and with an {@link EmbeddedCluster} alike: make topics, write records and
 * look at what was written and read, all without a client.
 *
 * <p>Every method waits for what it does, half a minute at most. They throw {@link IllegalStateException} after
 * {@link #close}, {@link io.odradek.server.inspect.UnknownTopicException} for a topic that is not there, and
 * {@link io.odradek.server.inspect.InspectionException}, with the protocol's error, where the broker refuses. Thread-safe.
 */
public abstract sealed class EmbeddedBrokers implements AutoCloseable permits EmbeddedBroker, EmbeddedCluster {
    private Operations operations;

    /** {@return what to give a client as {@code bootstrap.servers}} */
    public abstract String bootstrapServers();

    /**
     * {@return settings for a client of any kind, which may be changed: {@code bootstrap.servers}, and short pauses between
     * tries, so that a test in which brokers go and come back need not wait for its clients}
     *
     * <p>Where {@link EmbeddedBuilder#tls TLS or a login} guards the brokers, they have what a client needs for that in any of its
     * versions from 2.5 on, too; it is the first user that was named. The files that they name are gone when the brokers are
     * closed.
     *
     * @throws IllegalStateException if they are closed and clients would need keys
     */
    public Map<String, Object> clientProperties() {
        Map<String, Object> properties = openProperties();
        BrokerGuard guard = guard();
        if (guard != null) {
            guard.addTo(properties);
        }
        return properties;
    }

    /**
     * {@return {@link #clientProperties()} for a client that is a certain user: one that the builder named, or, where certificates
     * alone say who one is, anybody}
     *
     * @throws IllegalArgumentException if nobody of that name may log in; the message names who may
     * @throws IllegalStateException if clients are not asked who they are
     */
    public Map<String, Object> clientProperties(String user) {
        BrokerGuard guard = guard();
        if (guard == null) {
            throw BrokerGuard.askedByNobody();
        }
        Map<String, Object> properties = openProperties();
        guard.addTo(properties, user);
        return properties;
    }

    private Map<String, Object> openProperties() {
        Map<String, Object> properties = new HashMap<>();
        properties.put("bootstrap.servers", bootstrapServers());
        properties.put("retry.backoff.ms", "20");
        properties.put("reconnect.backoff.ms", "10");
        properties.put("reconnect.backoff.max.ms", "200");
        return properties;
    }

    /**
     * {@return {@link #clientProperties} for a consumer of a group that begins at the earliest record, and notices within
     * half a second when it is to join again}
     */
    public Map<String, Object> consumerProperties(String groupId) {
        Map<String, Object> properties = clientProperties();
        properties.put("group.id", groupId);
        properties.put("auto.offset.reset", "earliest");
        properties.put("heartbeat.interval.ms", "500");
        return properties;
    }

    /** Creates a topic with as many partitions as {@code num.partitions} says, 1 unless set. */
    public void createTopic(String name) {
        createTopic(name, -1);
    }

    /** Creates a topic. */
    public void createTopic(String name, int partitions) {
        createTopic(name, partitions, Map.of());
    }

    /**
     * Creates a topic; returns when it can be used. In a cluster it has three replicas, or as many as there are brokers.
     *
     * @param settings what it sets over the broker's defaults, by Kafka's names
     * @throws IllegalArgumentException if no topic can have the name; the message says why
     * @throws io.odradek.server.inspect.InspectionException TOPIC_ALREADY_EXISTS, INVALID_CONFIG and others
     */
    public void createTopic(String name, int partitions, Map<String, String> settings) {
        createTopic(new TopicSpec(name, partitions, usualReplicas(), settings));
    }

    /** As the others, also with a number of replicas. */
    public void createTopic(TopicSpec topic) {
        operations().topics().create(List.of(topic), false);
    }

    /**
     * Deletes topics with all that is in them; returns when clients find nothing of them any more. A broker of a cluster that is
     * down or cut off deletes what it has when it is back; until then nobody can create a topic of the name, as with Kafka.
     */
    public void deleteTopics(String... names) {
        operations().topics().delete(List.of(names));
    }

    /**
     * Deletes the records of topics, which stay, as do groups: between the tests of an application that lives on, this is what
     * it notices least. Offsets go on where they were.
     *
     * @param names the topics; none for all but the brokers' own
     */
    public void deleteRecords(String... names) {
        Operations all = operations();
        Collection<String> topics = names.length > 0 ? List.of(names) : clientsTopics(all);
        topics.forEach(all.deletion()::empty);
    }

    /**
     * Makes the brokers as new in milliseconds, for the next test: topics are deleted, and those that the builder named are
     * created again, empty, with offsets from 0; groups are removed with members and positions; faults are undone. Clocks and
     * settings stay as they are. What clients send meanwhile is served after it.
     *
     * <p>Clients may live on. Producers notice nothing, be they idempotent or transactional: the transaction coordinator goes
     * on knowing transactional ids, though nothing is left of what they wrote. Consumers of a group are told with their next
     * heartbeat that they are out of it ({@code heartbeat.interval.ms}), and join again without a position. What is written
     * between is given to them, but may be given to them again when they have; {@link #deleteRecords} does not have them join
     * again.
     */
    public void reset() {
        undoFaults();
        Operations all = operations();
        whileClientsWait(() -> {
            all.topics().delete(clientsTopics(all));
            all.groups().deleteAll();
            all.topics().create(declaredTopics(), true);
        });
    }

    private static List<String> clientsTopics(Operations all) {
        return all.inspector().topics().stream()
                .filter(topic -> !topic.internal())
                .map(StoredTopic::name)
                .toList();
    }

    /** {@return the topics by name, the brokers' own left out} */
    public List<StoredTopic> topics() {
        return operations().inspector().topics().stream()
                .filter(topic -> !topic.internal())
                .toList();
    }

    /** {@return a topic, with what its partitions span} */
    public StoredTopic topic(String name) {
        return operations().inspector().topic(name);
    }

    /** Writes a record without a key. {@return the record as it is stored} */
    public StoredRecord produce(String topic, String value) {
        return produce(topic, null, value);
    }

    /** Writes a record of texts, either of which may be null. {@return the record as it is stored} */
    public StoredRecord produce(String topic, String key, String value) {
        return produce(topic, NewRecord.of(key, value)).get(0);
    }

    /** Writes a record of bytes, either of which may be null. {@return the record as it is stored} */
    public StoredRecord produce(String topic, byte[] key, byte[] value) {
        return produce(topic, NewRecord.of(key, value)).get(0);
    }

    /**
     * Writes records; returns when all in-sync replicas have them. A topic that is not there is created where
     * {@code auto.create.topics.enable} lets clients do so.
     *
     * @return the records as they are stored, in the order given
     * @throws io.odradek.server.inspect.InspectionException if the broker refuses them, as one without a key in a compacted
     *     topic, or if not all in-sync replicas have them in time
     */
    public List<StoredRecord> produce(String topic, NewRecord... records) {
        Operations all = operations();
        if (!access().image().topics().containsKey(topic)) {
            all.topics().createByUse(topic);
        }
        return all.writer().write(topic, List.of(records), nowMs());
    }

    /** {@return all records of a topic, those of open and aborted transactions too, by partition and offset} */
    public List<StoredRecord> records(String topic) {
        return operations().inspector().records(topic).stream()
                .filter(record -> !record.transaction().isMarker())
                .toList();
    }

    /**
     * Waits until a topic, which need not be there yet, has so many records that a read_committed consumer sees: records of
     * no transaction or of a committed one, before the first of any that is open.
     *
     * @return all such records by then, by partition and offset
     * @throws AssertionError if there are fewer when the time is over; it says what was there
     */
    public List<StoredRecord> awaitRecords(String topic, int count, Duration timeout) {
        return new RecordAwait(operations().inspector(), topic).records(count, timeout, this::isOpen);
    }

    /** {@return the groups by id, with state, members, positions and lag} */
    public List<ConsumerGroup> groups() {
        return operations().inspector().groups();
    }

    /**
     * {@return a group}
     *
     * @throws IllegalArgumentException if there is none of that id; the message names those that there are
     */
    public ConsumerGroup group(String id) {
        List<ConsumerGroup> groups = groups();
        return groups.stream()
                .filter(group -> group.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("There is no group " + id + ", only "
                        + groups.stream().map(ConsumerGroup::id).toList()));
    }

    /** Stops all, waits for the threads to end, and removes the temporary folder. May be called again. */
    @Override
    public abstract void close();

    /** {@return what guards the brokers, null for nothing} */
    abstract BrokerGuard guard();

    /** {@return whom to ask} */
    abstract BrokerAccess access();

    /** {@return whether it has not been closed} */
    abstract boolean isOpen();

    /** {@return the topics that the builder named} */
    abstract Collection<TopicSpec> declaredTopics();

    /** {@return how many replicas a topic has whose creator does not say; -1 for what brokers do by themselves} */
    abstract int usualReplicas();

    /** {@return the brokers' time} */
    abstract long nowMs();

    /** Undoes all faults. */
    abstract void undoFaults();

    /** Does something while what clients send is held back, to be served after it. */
    abstract void whileClientsWait(Runnable task);

    /** Creates the topics that the builder named, those left out that are in the folder already. */
    final void createDeclaredTopics() {
        operations().topics().create(declaredTopics(), true);
    }

    private synchronized Operations operations() {
        if (!isOpen()) {
            throw new IllegalStateException(this + " is closed");
        }
        if (operations == null) {
            operations = new Operations(access());
        }
        return operations;
    }
}
