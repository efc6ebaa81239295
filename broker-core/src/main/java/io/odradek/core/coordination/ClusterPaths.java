package io.odradek.core.coordination;

import java.util.List;

/** Where things stand in the cluster's tree: the paths of Apache Kafka 3.9's ZooKeeper mode. */
public final class ClusterPaths {
    /** Ephemeral; the controller's broker id. */
    public static final String CONTROLLER = "/controller";

    /** The number of controller elections so far; its version fences the controller's writes. */
    public static final String CONTROLLER_EPOCH = "/controller_epoch";

    /** The parent of the live brokers' ephemeral nodes. */
    public static final String BROKER_IDS = "/brokers/ids";

    /** Its versions are the numbers that are drawn for brokers without one. */
    public static final String BROKER_SEQUENCE = "/brokers/seqid";

    /** The parent of the topics. */
    public static final String TOPICS = "/brokers/topics";

    /** The parent of the topics' configurations. */
    public static final String TOPIC_CONFIGS = "/config/topics";

    /** The parent of the notices that settings have changed. */
    public static final String CONFIG_CHANGES = "/config/changes";

    /** How the names of these notices begin; a sequence number follows. */
    public static final String CONFIG_CHANGE_PREFIX = "config_change_";

    /** The parent of the requests to delete a topic. */
    public static final String DELETE_TOPICS = "/admin/delete_topics";

    /** The cluster's identifier. */
    public static final String CLUSTER_ID = "/cluster/id";

    /** The newest block of producer ids that a broker has claimed. */
    public static final String PRODUCER_ID_BLOCK = "/latest_producer_id_block";

    /** The parent of the news that a log folder of a broker has failed, which the controller takes away. */
    public static final String LOG_DIR_EVENTS = "/log_dir_event_notification";

    /** The parent of what brokers of before KIP-497 say of ISRs that they have changed, which the controller takes away. */
    public static final String ISR_CHANGES = "/isr_change_notification";

    /** What features all brokers of the cluster use. */
    public static final String FEATURE = "/feature";

    /** The parent of the settings of brokers, by broker id; {@link #DEFAULT_ENTITY} has those of all brokers. */
    public static final String BROKER_CONFIGS = "/config/brokers";

    /** The name of the node with the settings of those that have none of their own. */
    public static final String DEFAULT_ENTITY = "<default>";

    /** The parents of the settings of users, of client ids, and of addresses. */
    public static final List<String> CLIENT_CONFIGS = List.of("/config/clients", "/config/users", "/config/ips");

    /** An old tool's wish that preferred replicas lead, which the controller takes away. */
    public static final String PREFERRED_ELECTION = "/admin/preferred_replica_election";

    /** An old tool's wish that replicas be elsewhere, which the controller takes away. */
    public static final String REASSIGNMENT = "/admin/reassign_partitions";

    /** What stands in every cluster's tree before a broker registers, parents first, in the order in which Kafka creates it. */
    public static final List<String> PERSISTENT = List.of(
            "/consumers",
            "/brokers",
            BROKER_IDS,
            TOPICS,
            "/config",
            CONFIG_CHANGES,
            "/admin",
            DELETE_TOPICS,
            BROKER_SEQUENCE,
            ISR_CHANGES,
            PRODUCER_ID_BLOCK,
            LOG_DIR_EVENTS,
            TOPIC_CONFIGS,
            "/config/clients",
            "/config/users",
            BROKER_CONFIGS,
            "/config/ips",
            "/cluster");

    private ClusterPaths() {}

    /** {@return the ephemeral node of a live broker} */
    public static String broker(int brokerId) {
        return BROKER_IDS + "/" + brokerId;
    }

    /** {@return a topic's identifier and replica assignment} */
    public static String topic(String topic) {
        return TOPICS + "/" + topic;
    }

    /** {@return the parent of a topic's partitions} */
    public static String partitions(String topic) {
        return topic(topic) + "/partitions";
    }

    /** {@return the parent of a partition's state} */
    public static String partition(String topic, int partition) {
        return partitions(topic) + "/" + partition;
    }

    /** {@return a partition's leader and in-sync replicas} */
    public static String partitionState(String topic, int partition) {
        return partition(topic, partition) + "/state";
    }

    /** {@return what a topic overrides of the broker's defaults} */
    public static String topicConfig(String topic) {
        return TOPIC_CONFIGS + "/" + topic;
    }

    /** {@return the request to delete a topic} */
    public static String deleteTopic(String topic) {
        return DELETE_TOPICS + "/" + topic;
    }
}
