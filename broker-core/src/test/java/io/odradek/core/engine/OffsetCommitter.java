package io.odradek.core.engine;

import io.odradek.core.engine.Ledger.Topic;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.ApiResponse;
import io.odradek.protocol.api.FindCoordinatorRequest;
import io.odradek.protocol.api.FindCoordinatorResponse;
import io.odradek.protocol.api.OffsetCommitResponse;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.storage.env.SimulatedWorld;
import java.util.List;

/** Commits the positions of a group that has no members. */
final class OffsetCommitter extends SimulatedClient {
    private final String group;
    private boolean found;
    private long offset;

    OffsetCommitter(String group, SimulatedWorld world, SimulatedBroker broker, Ledger ledger) {
        super("committer of " + group, world, broker, ledger);
        this.group = group;
    }

    @Override
    protected void act() {
        Topic topic = somePresent();
        if (!found) {
            send(
                    ApiKey.FIND_COORDINATOR,
                    Requests.FIND_COORDINATOR_VERSION,
                    new FindCoordinatorRequest(group, (byte) 0, List.of()),
                    this::found);
        } else if (topic == null) {
            pause();
        } else {
            commit(topic, random.nextInt(PARTITIONS), ++offset);
        }
    }

    private void found(ApiResponse answer) {
        found = answer instanceof FindCoordinatorResponse response && response.errorCode() == ErrorCode.NONE;
        pause();
    }

    private void commit(Topic topic, int partition, long position) {
        int incarnation = topic.incarnation;
        TopicPartition id = new TopicPartition(topic.name, partition);
        ledger.commitSent(group, id, position);
        send(
                ApiKey.OFFSET_COMMIT,
                Requests.OFFSET_COMMIT_VERSION,
                Requests.commit(group, -1, "", topic.name, partition, position),
                answer -> {
                    if (answer != null && topic.incarnation == incarnation) {
                        ErrorCode error = ((OffsetCommitResponse) answer)
                                .topics()
                                .get(0)
                                .partitions()
                                .get(0)
                                .errorCode();
                        if (error == ErrorCode.NONE) {
                            ledger.commitAcknowledged(group, id, position);
                        }
                    }
                    pause();
                });
    }
}
