package io.odradek.core.simulation;

import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.ApiResponse;
import io.odradek.protocol.api.CreateTopicsResponse;
import io.odradek.protocol.api.DeleteTopicsResponse;
import io.odradek.protocol.errors.ErrorCode;
import java.util.List;
import java.util.Map;

/** Creates topics, and deletes one of them now and then to create it again. */
final class ClusterAdmin extends ClusterClient {
    private static final int DELETES_ONCE_IN = 40;

    /** A topic to be there, with its partitions and settings. */
    record Wanted(String name, int partitions, Map<String, String> settings) {}

    private final List<Wanted> lasting;
    private final Wanted deleted;
    private final int replicas;
    private int created;
    private boolean present;
    private boolean deleting;
    private long deletions;

    /**
     * @param lasting are created and stay
     * @param deleted comes and goes
     */
    ClusterAdmin(ClusterWorld cluster, ClusterClients shared, List<Wanted> lasting, Wanted deleted, int replicas) {
        super("admin", cluster, shared);
        this.lasting = lasting;
        this.deleted = deleted;
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

    /** {@return whether nothing is left to be done in a topic's deletion and creation} */
    boolean isSettled() {
        return present && !deleting;
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
        } else if (random.nextInt(DELETES_ONCE_IN) == 0) {
            present = false;
            deleting = true;
            delete();
        } else {
            pause();
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
