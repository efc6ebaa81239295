package io.odradek.core.simulation;

import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.api.AlterPartitionReassignmentsResponse;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.ApiResponse;
import io.odradek.protocol.api.CreatePartitionsResponse;
import io.odradek.protocol.api.CreateTopicsResponse;
import io.odradek.protocol.api.DeleteTopicsResponse;
import io.odradek.protocol.api.ElectLeadersResponse;
import io.odradek.protocol.errors.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Creates topics, elects leaders, and lets one of the topics grow now and then, or deletes it to create it again. Moves
 * replicas of all topics to fewer brokers and in another order, sometimes still others under way or back where they were, and
 * brings them back to all in the end.
 */
final class ClusterAdmin extends ClusterClient {
    private static final int DELETES_ONCE_IN = 40;
    private static final int GROWS_ONCE_IN = 30;
    private static final int ELECTS_ONCE_IN = 30;
    private static final int MOVES_ONCE_IN = 6;
    private static final int BRINGS_BACK_ONCE_IN = 3;

    /** A topic to be there, with its partitions and settings. */
    record Wanted(String name, int partitions, Map<String, String> settings) {}

    private final List<Wanted> lasting;
    private final Wanted deleted;
    private final int mostPartitions;
    private final int replicas;
    private int created;
    private boolean present;
    private boolean deleting;
    private boolean growing;
    private boolean mayBeGoing;
    private int partitions;
    private long deletions;
    private boolean moves;

    /**
     * @param lasting are created and stay
     * @param deleted comes and goes
     * @param mostPartitions up to which that one grows
     */
    ClusterAdmin(
            ClusterWorld cluster,
            ClusterClients shared,
            List<Wanted> lasting,
            Wanted deleted,
            int mostPartitions,
            int replicas) {
        super("admin", cluster, shared);
        this.lasting = lasting;
        this.deleted = deleted;
        this.mostPartitions = mostPartitions;
        this.replicas = replicas;
    }

    @Override
    protected int meanPauseMs() {
        return 2_000;
    }

    /** {@return whether the lasting topics were created} */
    boolean isReady() {
        return created == lasting.size();
    }

    /** {@return whether nothing is left to be done in a topic's deletion, creation and growth} */
    boolean isSettled() {
        return present && !deleting && !growing && astray().isEmpty();
    }

    /** Lets it move replicas, or only bring them back. */
    void moves(boolean allowed) {
        moves = allowed;
    }

    private List<TopicPartition> astray() {
        return new ClusterState(cluster.coordination().tree()).astray(replicas);
    }

    /** {@return how many topics it has deleted} */
    long deletions() {
        return deletions;
    }

    @Override
    protected void act() {
        if (metadata().controller() < 0) {
            refresh();
        } else if (created < lasting.size()) {
            create(lasting.get(created));
        } else if (deleting) {
            delete();
        } else if (!present) {
            create(deleted);
        } else if (growing) {
            grow();
        } else {
            change();
        }
    }

    private void change() {
        List<TopicPartition> astray = astray();
        if (!astray.isEmpty() && (!moves || random.nextInt(BRINGS_BACK_ONCE_IN) == 0)) {
            move(astray.get(random.nextInt(astray.size())), replicas);
        } else if (moves && random.nextInt(MOVES_ONCE_IN) == 0) {
            List<TopicPartition> all = new ClusterState(cluster.coordination().tree()).partitions();
            move(all.get(random.nextInt(all.size())), replicas - random.nextInt(2));
        } else if (random.nextInt(DELETES_ONCE_IN) == 0 && !isAstray(astray)) {
            present = false;
            deleting = true;
            delete();
        } else if (partitions < mostPartitions && random.nextInt(GROWS_ONCE_IN) == 0) {
            growing = true;
            grow();
        } else {
            if (random.nextInt(ELECTS_ONCE_IN) == 0) {
                elect(metadata().controller());
            }
            pause();
        }
    }

    /** Lets the leaders be elected that the assignment of replicas prefers, beside what is done anyway. */
    void electPreferredLeaders(int controller) {
        beside(() -> elect(controller));
    }

    private void elect(int controller) {
        if (controller < 0) {
            return;
        }
        send(
                controller,
                ApiKey.ELECT_LEADERS,
                ClusterRequests.ELECT_LEADERS_VERSION,
                ClusterRequests.electPreferredLeaders(),
                answer -> {
                    if (answer instanceof ElectLeadersResponse elected) {
                        trace("has leaders elected at broker " + controller + ": " + elected.errorCode());
                        Violation.unless(
                                elected.errorCode() != ErrorCode.UNKNOWN_SERVER_ERROR,
                                "The controller, broker %d, fails",
                                controller);
                    }
                });
    }

    /** A broker that is away keeps the log of a topic that moved away and was deleted, and then cannot have the next of its name. */
    private boolean isAstray(List<TopicPartition> astray) {
        return astray.stream().anyMatch(id -> id.topic().equals(deleted.name));
    }

    /** To so many of the brokers, or, if it is on its way, back where it was. */
    private void move(TopicPartition id, int count) {
        List<Integer> wanted = new ArrayList<>();
        for (int broker = 1; broker <= cluster.brokers().size(); broker++) {
            wanted.add(random.nextInt(wanted.size() + 1), broker);
        }
        List<Integer> target = count < replicas && random.nextInt(4) == 0 ? null : wanted.subList(0, count);
        int controller = metadata().controller();
        send(
                controller,
                ApiKey.ALTER_PARTITION_REASSIGNMENTS,
                ClusterRequests.ALTER_PARTITION_REASSIGNMENTS_VERSION,
                ClusterRequests.move(id, target),
                answer -> {
                    if (answer == null) {
                        refresh();
                        return;
                    }
                    AlterPartitionReassignmentsResponse moved = (AlterPartitionReassignmentsResponse) answer;
                    ErrorCode error = moved.errorCode() == ErrorCode.NONE
                            ? moved.responses().get(0).partitions().get(0).errorCode()
                            : moved.errorCode();
                    trace("moves " + id + " to " + target + " at broker " + controller + ": " + error);
                    if (error == ErrorCode.NONE) {
                        pause();
                    } else {
                        refused(error);
                    }
                });
    }

    private void grow() {
        send(
                metadata().controller(),
                ApiKey.CREATE_PARTITIONS,
                ClusterRequests.CREATE_PARTITIONS_VERSION,
                ClusterRequests.growTopic(deleted.name, partitions + 1),
                this::grown);
    }

    private void grown(ApiResponse answer) {
        if (answer == null) {
            refresh();
            return;
        }
        ErrorCode error = ((CreatePartitionsResponse) answer).results().get(0).errorCode();
        trace("lets " + deleted.name + " have " + (partitions + 1) + " partitions at broker "
                + metadata().controller() + ": " + error);
        if (error == ErrorCode.REASSIGNMENT_IN_PROGRESS) {
            growing = false;
            pause();
        } else if (error == ErrorCode.NONE || error == ErrorCode.INVALID_PARTITIONS) {
            // The latter where an earlier request was carried out and its answer lost.
            growing = false;
            partitions++;
            pause();
        } else if (error == ErrorCode.UNKNOWN_TOPIC_OR_PARTITION && mayBeGoing) {
            // What was there when it was to be created was the one before, whose deletion had been taken up.
            growing = false;
            present = false;
            pause();
        } else {
            refused(error);
        }
    }

    private void create(Wanted topic) {
        send(
                metadata().controller(),
                ApiKey.CREATE_TOPICS,
                ClusterRequests.CREATE_TOPICS_VERSION,
                ClusterRequests.createTopic(topic.name, topic.partitions, replicas, topic.settings),
                answer -> created(topic, answer));
    }

    private void created(Wanted topic, ApiResponse answer) {
        if (answer == null) {
            refresh();
            return;
        }
        ErrorCode error = ((CreateTopicsResponse) answer).topics().get(0).errorCode();
        trace("creates " + topic.name + " at broker " + metadata().controller() + ": " + error);
        if (error == ErrorCode.NONE || error == ErrorCode.TOPIC_ALREADY_EXISTS) {
            if (topic == deleted) {
                present = true;
                mayBeGoing = error == ErrorCode.TOPIC_ALREADY_EXISTS;
                partitions = deleted.partitions;
            } else {
                created++;
            }
            pause();
        } else {
            refused(error);
        }
    }

    /** Until it is known to be gone: a deletion that was not answered may still go on. */
    private void delete() {
        send(
                metadata().controller(),
                ApiKey.DELETE_TOPICS,
                ClusterRequests.DELETE_TOPICS_VERSION,
                ClusterRequests.deleteTopic(deleted.name),
                this::deleted);
    }

    private void deleted(ApiResponse answer) {
        if (answer == null) {
            refresh();
            return;
        }
        ErrorCode error = ((DeleteTopicsResponse) answer).responses().get(0).errorCode();
        trace("deletes " + deleted.name + " at broker " + metadata().controller() + ": " + error);
        if (error == ErrorCode.NONE || error == ErrorCode.UNKNOWN_TOPIC_OR_PARTITION) {
            deleting = false;
            deletions++;
            pause();
        } else {
            refused(error);
        }
    }

    private void refused(ErrorCode error) {
        Violation.unless(
                error != ErrorCode.UNKNOWN_SERVER_ERROR,
                "The controller, broker %d, fails",
                metadata().controller());
        refresh();
    }
}
