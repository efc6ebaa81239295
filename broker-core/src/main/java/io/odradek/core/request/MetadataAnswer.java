package io.odradek.core.request;

import io.odradek.core.controller.TopicNames;
import io.odradek.core.metadata.MetadataImage;
import io.odradek.core.metadata.MetadataImage.BrokerInfo;
import io.odradek.core.metadata.MetadataImage.Endpoint;
import io.odradek.core.metadata.MetadataImage.PartitionInfo;
import io.odradek.core.metadata.MetadataImage.TopicInfo;
import io.odradek.protocol.api.MetadataRequest;
import io.odradek.protocol.api.MetadataResponse;
import io.odradek.protocol.api.MetadataResponse.MetadataResponseBroker;
import io.odradek.protocol.api.MetadataResponse.MetadataResponsePartition;
import io.odradek.protocol.api.MetadataResponse.MetadataResponseTopic;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.wire.Uuid;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Makes a Metadata response out of one image.
 *
 * @param image what is known
 * @param listener the listener the request came by: its endpoints are shown
 * @param version the request's version
 * @param request the request
 */
record MetadataAnswer(MetadataImage image, String listener, short version, MetadataRequest request) {
    private static final int FIRST_WITH_LISTENER_NOT_FOUND = 6;

    /** {@return the response with these topics} */
    MetadataResponse response(List<MetadataResponseTopic> topics) {
        List<MetadataResponseBroker> brokers = new ArrayList<>(image.brokers().size());
        for (BrokerInfo broker : image.brokers().values()) {
            Endpoint endpoint = broker.endpoints().get(listener);
            if (endpoint != null) {
                brokers.add(new MetadataResponseBroker(broker.id(), endpoint.host(), endpoint.port(), broker.rack()));
            }
        }
        int operations = request.includeClusterAuthorizedOperations()
                ? AuthorizedOperations.CLUSTER
                : AuthorizedOperations.NOT_ASKED;
        return new MetadataResponse(brokers, image.clusterId(), image.controllerId(), topics, operations);
    }

    /** {@return every topic} */
    List<MetadataResponseTopic> allTopics() {
        List<MetadataResponseTopic> topics = new ArrayList<>(image.topics().size());
        for (TopicInfo topic : image.topics().values()) {
            topics.add(topic(topic));
        }
        return topics;
    }

    /** {@return a topic of the image} */
    MetadataResponseTopic topic(TopicInfo topic) {
        List<MetadataResponsePartition> partitions =
                new ArrayList<>(topic.partitions().size());
        for (int index = 0; index < topic.partitions().size(); index++) {
            partitions.add(partition(index, topic.partitions().get(index)));
        }
        int operations = request.includeTopicAuthorizedOperations()
                ? AuthorizedOperations.TOPIC
                : AuthorizedOperations.NOT_ASKED;
        return new MetadataResponseTopic(
                ErrorCode.NONE, topic.name(), topic.id(), TopicNames.internal(topic.name()), partitions, operations);
    }

    /** {@return a topic asked for by identifier: UNKNOWN_TOPIC_ID if there is none} */
    MetadataResponseTopic topicById(Uuid id) {
        String name = image.topicNames().get(id);
        TopicInfo topic = name == null ? null : image.topics().get(name);
        return topic == null ? failed(null, id, ErrorCode.UNKNOWN_TOPIC_ID) : topic(topic);
    }

    /** {@return a topic of which there is nothing but an error to tell} */
    MetadataResponseTopic failed(String name, Uuid id, ErrorCode error) {
        boolean internal = name != null && TopicNames.internal(name);
        return new MetadataResponseTopic(error, name, id, internal, List.of(), AuthorizedOperations.NOT_ASKED);
    }

    /** {@return a partition of the image} */
    MetadataResponsePartition partition(int index, PartitionInfo partition) {
        ErrorCode error = ErrorCode.NONE;
        int leader = partition.leader();
        BrokerInfo broker = image.brokers().get(leader);
        if (broker == null) {
            error = ErrorCode.LEADER_NOT_AVAILABLE;
            leader = -1;
        } else if (!broker.endpoints().containsKey(listener)) {
            error = version >= FIRST_WITH_LISTENER_NOT_FOUND
                    ? ErrorCode.LISTENER_NOT_FOUND
                    : ErrorCode.LEADER_NOT_AVAILABLE;
            leader = -1;
        }
        List<Integer> replicas = shown(partition.replicas());
        List<Integer> isr = shown(partition.isr());
        boolean hidden = replicas.size() < partition.replicas().size()
                || isr.size() < partition.isr().size();
        return new MetadataResponsePartition(
                error == ErrorCode.NONE && hidden ? ErrorCode.REPLICA_NOT_AVAILABLE : error,
                index,
                leader,
                partition.leaderEpoch(),
                replicas,
                isr,
                offline(image.brokers(), partition));
    }

    /** The oldest clients look each replica up among the brokers, and fail if it is not there. */
    private List<Integer> shown(List<Integer> replicas) {
        if (version > 0) {
            return replicas;
        }
        List<Integer> reachable = new ArrayList<>(replicas.size());
        for (Integer replica : replicas) {
            BrokerInfo broker = image.brokers().get(replica);
            if (broker != null && broker.endpoints().containsKey(listener)) {
                reachable.add(replica);
            }
        }
        return reachable;
    }

    private List<Integer> offline(Map<Integer, BrokerInfo> live, PartitionInfo partition) {
        List<Integer> offline = List.of();
        for (Integer replica : partition.replicas()) {
            BrokerInfo broker = live.get(replica);
            if (broker == null
                    || !broker.endpoints().containsKey(listener)
                    || partition.failed().contains(replica)) {
                offline = offline.isEmpty() ? new ArrayList<>() : offline;
                offline.add(replica);
            }
        }
        return offline;
    }
}
