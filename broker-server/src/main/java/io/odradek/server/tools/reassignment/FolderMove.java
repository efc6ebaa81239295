package io.odradek.server.tools.reassignment;

import io.odradek.server.json.Json;
import java.util.Map;
import org.apache.kafka.clients.admin.DescribeReplicaLogDirsResult.ReplicaLogDirInfo;
import org.apache.kafka.common.TopicPartitionReplica;

/**
 * How far a replica is on its way to another log folder of its broker.
 *
 * <pre>
 *   NotBegun ---begin---> UnderWay ---the copy has caught up---> Done
 *      ^                     |
 *      +------another--------+
 *
 *   Unfound, Offline: the broker shows no replica, or the replica in no folder
 * </pre>
 */
sealed interface FolderMove {
    /** {@return how far it is} @param wanted the folder it is to be in @param shown by its broker; null for nothing */
    static FolderMove of(String wanted, ReplicaLogDirInfo shown) {
        if (shown == null) {
            return new Unfound();
        }
        String current = shown.getCurrentReplicaLogDir();
        String future = shown.getFutureReplicaLogDir();
        if (current == null) {
            return new Offline();
        }
        if (future != null) {
            return new UnderWay(current, future, wanted);
        }
        return current.equals(wanted) ? new Done(wanted) : new NotBegun(current, wanted);
    }

    /** {@return it in Kafka's words} */
    String text(TopicPartitionReplica replica);

    /** {@return its name in JSON, and the folders} */
    Map<String, Object> object();

    /** {@return whether nothing more will come of it} */
    default boolean ended() {
        return false;
    }

    private static String name(TopicPartitionReplica replica) {
        return "Partition " + replica.topic() + "-" + replica.partition();
    }

    private static String onBroker(TopicPartitionReplica replica) {
        return name(replica) + " on broker " + replica.brokerId();
    }

    /** Its broker has no such replica, or is down. */
    record Unfound() implements FolderMove {
        @Override
        public String text(TopicPartitionReplica replica) {
            return name(replica) + " cannot be found in any live log directory on broker " + replica.brokerId() + ".";
        }

        @Override
        public Map<String, Object> object() {
            return Json.object("state", "unfound");
        }
    }

    /** Its broker has it in a folder that has failed. */
    record Offline() implements FolderMove {
        @Override
        public String text(TopicPartitionReplica replica) {
            return name(replica) + " is not found in any live log dir on broker " + replica.brokerId()
                    + ". There is likely an offline log directory on the broker.";
        }

        @Override
        public Map<String, Object> object() {
            return Json.object("state", "offline");
        }
    }

    /** It is copied from its folder to another one, which need not be the one that is wanted. */
    record UnderWay(String current, String future, String wanted) implements FolderMove {
        @Override
        public String text(TopicPartitionReplica replica) {
            return future.equals(wanted)
                    ? "Reassignment of replica " + replica + " is still in progress."
                    : onBroker(replica) + " is being moved to log dir " + future + " instead of " + wanted + ".";
        }

        @Override
        public Map<String, Object> object() {
            return Json.object("state", "moving", "logDir", current, "future", future, "wanted", wanted);
        }
    }

    /** It is in another folder, and stays there. */
    record NotBegun(String current, String wanted) implements FolderMove {
        @Override
        public String text(TopicPartitionReplica replica) {
            return onBroker(replica) + " is not being moved from log dir " + current + " to " + wanted + ".";
        }

        @Override
        public Map<String, Object> object() {
            return Json.object("state", "not moving", "logDir", current, "wanted", wanted);
        }

        @Override
        public boolean ended() {
            return true;
        }
    }

    /** It is where it is wanted. */
    record Done(String folder) implements FolderMove {
        @Override
        public String text(TopicPartitionReplica replica) {
            return "Reassignment of replica " + replica + " completed successfully.";
        }

        @Override
        public Map<String, Object> object() {
            return Json.object("state", "completed", "logDir", folder, "wanted", folder);
        }

        @Override
        public boolean ended() {
            return true;
        }
    }
}
