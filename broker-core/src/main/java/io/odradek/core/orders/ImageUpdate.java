package io.odradek.core.orders;

import io.odradek.core.controller.LiveBroker;
import io.odradek.core.controller.MetadataUpdate;
import io.odradek.core.controller.MetadataUpdate.TopicUpdate;
import io.odradek.core.metadata.MetadataImage;
import io.odradek.core.metadata.MetadataImage.BrokerInfo;
import io.odradek.core.metadata.MetadataImage.PartitionInfo;
import io.odradek.core.metadata.MetadataImage.TopicInfo;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.wire.Uuid;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Makes the next metadata image out of one and of what has changed; what has not changed is the same object in both.
 */
final class ImageUpdate {
    /** What a broker knows of a partition that it has not been told of, while it has of a later one of its topic. */
    private static final PartitionInfo UNTOLD = new PartitionInfo(-1, -1, List.of(), List.of());

    private final SortedMap<String, TopicInfo> topics;
    private Map<Uuid, String> names;
    private boolean namesAreOwn;
    private final List<TopicPartition> gone = new ArrayList<>();
    private MetadataImage image;

    private ImageUpdate(SortedMap<String, TopicInfo> topics, Map<Uuid, String> names) {
        this.topics = topics;
        this.names = names;
    }

    /** {@return the update, made} The image before stays as it is. */
    static ImageUpdate of(MetadataImage before, String clusterId, int controllerId, MetadataUpdate update) {
        boolean sameTopics = update.topics().isEmpty() && update.deleted().isEmpty() && !update.whole();
        ImageUpdate next =
                new ImageUpdate(sameTopics ? before.topics() : new TreeMap<>(before.topics()), before.topicNames());
        if (!sameTopics) {
            next.remove(update);
            for (TopicUpdate topic : update.topics()) {
                next.put(topic);
            }
        }
        SortedMap<Integer, BrokerInfo> brokers = brokers(before, update.brokers());
        next.image = new MetadataImage(clusterId, controllerId, brokers, next.topics, next.names);
        return next;
    }

    /** {@return what is known from now on} */
    MetadataImage image() {
        return image;
    }

    /** {@return partitions that are gone for good, whether they were known or not: groups may have positions in them} */
    List<TopicPartition> gone() {
        return gone;
    }

    private static SortedMap<Integer, BrokerInfo> brokers(MetadataImage before, SortedMap<Integer, LiveBroker> live) {
        SortedMap<Integer, BrokerInfo> brokers = new TreeMap<>();
        for (Map.Entry<Integer, LiveBroker> entry : live.entrySet()) {
            brokers.put(entry.getKey(), entry.getValue().node().info(entry.getKey()));
        }
        return brokers.equals(before.brokers()) ? before.brokers() : brokers;
    }

    private void remove(MetadataUpdate update) {
        if (update.whole()) {
            Set<String> staying = new HashSet<>();
            for (TopicUpdate topic : update.topics()) {
                staying.add(topic.name());
            }
            for (TopicInfo topic : List.copyOf(topics.values())) {
                if (!staying.contains(topic.name())) {
                    remove(topic);
                }
            }
        }
        for (TopicPartition id : update.deleted()) {
            gone.add(id);
            TopicInfo topic = topics.get(id.topic());
            if (topic != null && id.partition() < topic.partitions().size()) {
                remove(topic, id);
            }
        }
    }

    private void remove(TopicInfo topic) {
        for (int index = 0; index < topic.partitions().size(); index++) {
            gone.add(new TopicPartition(topic.name(), index));
        }
        topics.remove(topic.name());
        ownNames().remove(topic.id());
    }

    /** A topic goes with the last of its partitions. */
    private void remove(TopicInfo topic, TopicPartition id) {
        List<PartitionInfo> left = new ArrayList<>(topic.partitions());
        left.set(id.partition(), UNTOLD);
        while (!left.isEmpty() && left.get(left.size() - 1) == UNTOLD) {
            left.remove(left.size() - 1);
        }
        if (left.isEmpty()) {
            topics.remove(topic.name());
            ownNames().remove(topic.id());
        } else {
            topics.put(topic.name(), new TopicInfo(topic.name(), topic.id(), List.copyOf(left), topic.config()));
        }
    }

    /** Controllers that know of no identifiers leave a topic the one it has. */
    private void put(TopicUpdate update) {
        TopicInfo before = topics.get(update.name());
        boolean unnamed = update.id().equals(Uuid.ZERO) && before != null;
        Uuid id = unnamed ? before.id() : update.id();
        if (before != null && !before.id().equals(id)) {
            remove(before);
            before = null;
        }
        List<PartitionInfo> partitions = before == null ? new ArrayList<>() : new ArrayList<>(before.partitions());
        for (Map.Entry<Integer, PartitionInfo> entry : update.partitions().entrySet()) {
            while (partitions.size() <= entry.getKey()) {
                partitions.add(UNTOLD);
            }
            partitions.set(entry.getKey(), entry.getValue());
        }
        Map<String, String> config = before == null ? Map.of() : before.config();
        topics.put(update.name(), new TopicInfo(update.name(), id, List.copyOf(partitions), config));
        if (before == null) {
            ownNames().put(id, update.name());
        }
    }

    /** Most updates are of leaders, and leave names and identifiers as they are. */
    private Map<Uuid, String> ownNames() {
        if (!namesAreOwn) {
            names = new HashMap<>(names);
            namesAreOwn = true;
        }
        return names;
    }
}
