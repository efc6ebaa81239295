package io.odradek.core.simulation;

import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.OffsetCommitResponse;
import io.odradek.protocol.api.OffsetFetchResponse;
import io.odradek.protocol.errors.ErrorCode;
import java.util.ArrayList;
import java.util.List;

/**
 * A member of a group: is given partitions, asks for the positions in them, commits new ones, leaves or vanishes and joins
 * again.
 */
final class ClusterGroupMember extends ClusterClient {
    private final String group;
    private final GroupMembership membership;
    private long commits;

    ClusterGroupMember(
            String name, String group, ClusterWorld cluster, ClusterClients shared, List<TopicPartition> partitions) {
        super(name, cluster, shared);
        this.group = group;
        this.membership = new GroupMembership(this, group, partitions);
    }

    @Override
    protected int meanPauseMs() {
        return 700;
    }

    /** {@return how many of its positions were acknowledged} */
    long commits() {
        return commits;
    }

    @Override
    protected void act() {
        if (!membership.isStable()) {
            membership.step();
            return;
        }
        switch (random.nextInt(60)) {
            case 0 -> membership.leave();
            case 1 -> {
                membership.vanish();
                pause();
            }
            default -> {
                if (random.nextBoolean()) {
                    position();
                } else {
                    membership.heartbeat();
                }
            }
        }
    }

    /** Asks for the position in a partition, or commits a later one. */
    private void position() {
        if (membership.owned().isEmpty()) {
            pause();
            return;
        }
        List<TopicPartition> mine = new ArrayList<>(membership.owned().keySet());
        TopicPartition id = mine.get(random.nextInt(mine.size()));
        Long known = membership.owned().get(id);
        if (known == null) {
            fetchPosition(id);
        } else {
            commit(id, known + 1 + random.nextInt(5));
        }
    }

    private void fetchPosition(TopicPartition id) {
        long least = shared.groups().leastPosition(group, membership.generation(), id);
        int askedIn = membership.generation();
        membership.ask(
                ApiKey.OFFSET_FETCH,
                ClusterRequests.OFFSET_FETCH_VERSION,
                ClusterRequests.committed(group, id),
                answer -> {
                    if (!(answer instanceof OffsetFetchResponse response)) {
                        membership.lost();
                    } else if (response.errorCode() != ErrorCode.NONE) {
                        membership.refused(response.errorCode());
                    } else if (membership.generation() == askedIn) {
                        long found =
                                response.topics().get(0).partitions().get(0).committedOffset();
                        shared.groups().positionFound(group, id, least, found);
                        membership.owned().put(id, found);
                    }
                    pause();
                });
    }

    /** One that is not answered may be carried out later, and must then belong to a generation that is over. */
    private void commit(TopicPartition id, long offset) {
        shared.groups().commitSent(group, id, offset);
        int committedIn = membership.generation();
        membership.ask(
                ApiKey.OFFSET_COMMIT,
                ClusterRequests.OFFSET_COMMIT_VERSION,
                ClusterRequests.commit(group, committedIn, membership.member(), id, offset),
                answer -> {
                    if (!(answer instanceof OffsetCommitResponse response)) {
                        membership.lostAsMember();
                    } else {
                        ErrorCode error =
                                response.topics().get(0).partitions().get(0).errorCode();
                        if (error == ErrorCode.NONE) {
                            shared.groups().commitAcknowledged(group, committedIn, id, offset);
                            membership.owned().put(id, offset);
                            commits++;
                        } else {
                            membership.refusedAsMember(error);
                        }
                    }
                    pause();
                });
    }
}
