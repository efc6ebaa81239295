package io.odradek.server.inspect;

import io.odradek.protocol.TopicPartition;
import java.util.List;

/**
 * A member of a group.
 *
 * @param id the id that the coordinator gave it
 * @param instanceId its {@code group.instance.id}, null if it has none
 * @param clientId its client's id
 * @param host the address it came from, such as {@code /127.0.0.1}
 * @param assigned the partitions it is to read, in their order; empty where it is no consumer
 */
public record GroupMember(String id, String instanceId, String clientId, String host, List<TopicPartition> assigned) {}
