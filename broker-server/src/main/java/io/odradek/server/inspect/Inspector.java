package io.odradek.server.inspect;

import io.odradek.core.controller.TopicNames;
import io.odradek.core.metadata.MetadataImage;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.wire.Uuid;
import io.odradek.server.Broker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Tells what is in brokers of this process: topics, records, groups. Blocks while it asks; never to be called on a broker's
 * own thread. Every method throws {@link InspectionException} where a broker cannot be asked, and
 * {@link UnknownTopicException} for a topic or partition that is not there. Thread-safe.
 */
public final class Inspector {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    /** A record is held thrice for a moment; a look at it is not to cost the process its life. */
    private static final int MOST_HELD_BYTES =
            (int) Math.min(1 << 28, Runtime.getRuntime().maxMemory() / 16);

    private final Questions questions;
    private final Spans spans;
    private final int mostHeldBytes;

    /**
     * @param brokers who is asked
     * @param patience how long a broker has to answer
     */
    public Inspector(BrokerAccess brokers, Duration patience) {
        this(new Questions(brokers, patience));
    }

    /** @param questions asks the brokers */
    public Inspector(Questions questions) {
        this(questions, MOST_HELD_BYTES);
    }

    /**
     * @param questions asks the brokers
     * @param mostHeldBytes a compressed record that is larger is not looked at; otherwise a sixteenth of the heap
     */
    public Inspector(Questions questions, int mostHeldBytes) {
        this.questions = questions;
        this.mostHeldBytes = mostHeldBytes;
        spans = new Spans(questions);
    }

    /** {@return an inspector of one broker: of topics and groups that others lead it tells little} */
    public static Inspector of(Broker broker) {
        return new Inspector(BrokerAccess.of(broker), PATIENCE);
    }

    /** {@return all topics by name, the brokers' own among them} */
    public List<StoredTopic> topics() {
        return describe(List.copyOf(questions.image().topics().values()));
    }

    /** {@return the topics of these names, in their order; those that are not there are left out} */
    public List<StoredTopic> topics(Collection<String> names) {
        Map<String, MetadataImage.TopicInfo> known = questions.image().topics();
        return describe(names.stream().map(known::get).filter(Objects::nonNull).toList());
    }

    /** {@return a topic} */
    public StoredTopic topic(String name) {
        return describe(List.of(questions.topic(name))).get(0);
    }

    /**
     * Reads a partition from an offset on: one page.
     *
     * @param from an offset within what the log spans ({@link StoredPartition#span}), or its end
     * @param mostRecords after which the page ends
     * @param mostBytes after which it ends too, once it has a record
     * @return the page, in which records may be {@linkplain StoredRecord#tooLarge too large} to be looked at
     * @throws InspectionException also OFFSET_OUT_OF_RANGE
     */
    public RecordPage read(String topic, int partition, long from, int mostRecords, long mostBytes) {
        return reader(partition(topic, partition), from, mostRecords, mostBytes).read();
    }

    /**
     * As {@link #read}, but only up to the last stable offset, what is before which does not change any more.
     *
     * @throws InspectionException also MESSAGE_TOO_LARGE for a record that is too large to be looked at
     */
    public RecordPage readStable(String topic, int partition, long from, int mostRecords, long mostBytes) {
        TopicPartition id = partition(topic, partition);
        return whole(id, reader(id, from, mostRecords, mostBytes).readCommitted());
    }

    private PartitionReader reader(TopicPartition partition, long from, int mostRecords, long mostBytes) {
        return new PartitionReader(questions, partition, from, mostRecords, mostBytes, mostHeldBytes);
    }

    private static RecordPage whole(TopicPartition partition, RecordPage page) {
        for (StoredRecord record : page.records()) {
            if (record.tooLarge() != null) {
                throw new InspectionException(
                        "The record at offset " + record.offset() + " of " + partition
                                + " is too large to be looked at: " + record.tooLarge(),
                        null,
                        ErrorCode.MESSAGE_TOO_LARGE);
            }
        }
        return page;
    }

    /** {@return the identifier of a topic, which another one of the name does not have} */
    public Uuid id(String topic) {
        return questions.topic(topic).id();
    }

    /**
     * {@return all records of a topic that fit into the heap, markers of transactions among them, by partition and offset}
     *
     * @throws InspectionException also MESSAGE_TOO_LARGE for a record that is too large to be looked at
     */
    public List<StoredRecord> records(String topic) {
        List<StoredRecord> records = new ArrayList<>();
        for (StoredPartition partition : topic(topic).partitions()) {
            long from = Math.max(0, partition.span().start());
            RecordPage page = read(topic, partition.partition(), from, Integer.MAX_VALUE, Long.MAX_VALUE);
            records.addAll(whole(partition(topic, partition.partition()), page).records());
        }
        return records;
    }

    /** {@return all groups by id, with members and positions} */
    public List<ConsumerGroup> groups() {
        return new Groups(questions, spans).all();
    }

    /** {@return one who reads a topic, which need not be there yet, and waits for more} */
    public TopicFollower follow(String topic) {
        return new TopicFollower(questions, this, topic);
    }

    /** {@return the groups that a broker coordinates, by id, with members and positions} */
    public List<ConsumerGroup> groupsOf(int brokerId) {
        return new Groups(questions, spans).all(List.of(brokerId));
    }

    private TopicPartition partition(String topic, int partition) {
        int partitions = questions.topic(topic).partitions().size();
        if (partition < 0 || partition >= partitions) {
            throw UnknownTopicException.partition(topic, partition, partitions);
        }
        return new TopicPartition(topic, partition);
    }

    private List<StoredTopic> describe(List<MetadataImage.TopicInfo> topics) {
        List<TopicPartition> all = new ArrayList<>();
        for (MetadataImage.TopicInfo topic : topics) {
            for (int index = 0; index < topic.partitions().size(); index++) {
                all.add(new TopicPartition(topic.name(), index));
            }
        }
        Map<TopicPartition, StoredPartition.Span> known = spans.of(all);
        List<StoredTopic> described = new ArrayList<>(topics.size());
        for (MetadataImage.TopicInfo topic : topics) {
            List<StoredPartition> partitions =
                    new ArrayList<>(topic.partitions().size());
            for (int index = 0; index < topic.partitions().size(); index++) {
                MetadataImage.PartitionInfo info = topic.partitions().get(index);
                partitions.add(new StoredPartition(
                        index,
                        info.leader(),
                        info.leaderEpoch(),
                        List.copyOf(info.replicas()),
                        List.copyOf(info.isr()),
                        known.getOrDefault(new TopicPartition(topic.name(), index), StoredPartition.Span.UNKNOWN)));
            }
            described.add(new StoredTopic(
                    topic.name(), topic.id().toString(), TopicNames.internal(topic.name()), List.copyOf(partitions)));
        }
        return described;
    }
}
