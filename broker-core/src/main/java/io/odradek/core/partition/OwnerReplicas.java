package io.odradek.core.partition;

import io.odradek.core.partition.ReplicaRole.Following;
import io.odradek.core.partition.ReplicaRole.Leading;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.errors.ApiException;
import io.odradek.storage.env.Clock;
import java.io.IOException;
import java.util.ArrayList;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/**
 * What one owner's replicas have to do with other brokers: who follows is copied from its leader, and twice in {@code
 * replica.lag.time.max.ms} those who lead with followers look whether these lag. A partition with one replica is never
 * looked at, and where there are no others no timer runs. Belongs to the owner's loop.
 */
final class OwnerReplicas implements ReplicaHost {
    private static final long NANOS_PER_MS = 1_000_000;

    private final PartitionOwner owner;
    private final Clock clock;
    private final BiConsumer<Partition, IOException> failures;
    private final Supplier<? extends Replication> opener;
    private final SortedMap<TopicPartition, Partition> ledWithFollowers = new TreeMap<>();
    private Replication replication;
    private boolean checking;

    /**
     * {@return one owner's}
     *
     * @param failures is told of operations on logs that fail
     * @param opener makes what keeps replicas in step with others; null if this broker has no others
     */
    static ReplicaHost of(
            PartitionOwner owner,
            Clock clock,
            BiConsumer<Partition, IOException> failures,
            Supplier<? extends Replication> opener) {
        return new OwnerReplicas(owner, clock, failures, opener);
    }

    private OwnerReplicas(
            PartitionOwner owner,
            Clock clock,
            BiConsumer<Partition, IOException> failures,
            Supplier<? extends Replication> opener) {
        this.owner = owner;
        this.clock = clock;
        this.failures = failures;
        this.opener = opener;
    }

    private Replication replication() {
        if (replication == null && opener != null) {
            replication = opener.get();
        }
        return replication;
    }

    @Override
    public void failed(Partition partition, IOException cause) {
        failures.accept(partition, cause);
    }

    @Override
    public void roleChanged(Partition partition, ReplicaRole before) {
        followed(partition, before);
        led(partition, before);
    }

    private void followed(Partition partition, ReplicaRole before) {
        ReplicaRole now = partition.role();
        if (now instanceof Following following && following.leader() != Following.NOBODY) {
            if (replication() != null && cutUncommitted(partition, following)) {
                replication().follow(partition.id(), partition.topicId(), following, FollowerLog.position(partition));
            }
        } else if (before instanceof Following following
                && following.leader() != Following.NOBODY
                && replication() != null) {
            replication().unfollow(partition.id());
        }
    }

    /** {@return whether it follows still} */
    private static boolean cutUncommitted(Partition partition, Following following) {
        try {
            partition.followerLog(following.leaderEpoch()).cutUncommitted();
        } catch (ApiException e) {
            // The partition has been told. On a full disk it goes on, with a log that is cut.
        }
        return partition.role() == following;
    }

    private void led(Partition partition, ReplicaRole before) {
        boolean checkedBefore =
                before instanceof Leading leading && !leading.followers().isEmpty();
        boolean checked = partition.role() instanceof Leading leading
                && !leading.followers().isEmpty();
        if (checked && !checkedBefore) {
            ledWithFollowers.put(partition.id(), partition);
            checkLater();
        } else if (checkedBefore && !checked) {
            ledWithFollowers.remove(partition.id());
        }
        if (isChanging(before) && !isChanging(partition.role()) && replication() != null) {
            replication().withdraw(partition.id());
        }
    }

    private static boolean isChanging(ReplicaRole role) {
        return role instanceof Leading leading && leading.isr() instanceof Isr.Changing;
    }

    private void checkLater() {
        if (!checking && !ledWithFollowers.isEmpty()) {
            checking = true;
            owner.loop().schedule(Math.max(1, maxLagMs() / 2), this::check);
        }
    }

    private void check() {
        checking = false;
        for (Partition partition : new ArrayList<>(ledWithFollowers.values())) {
            LeaderDuties.checkFollowers(partition);
        }
        checkLater();
    }

    @Override
    public void isrProposed(Partition partition, IsrProposal proposal) {
        if (replication() != null) {
            replication()
                    .propose(
                            proposal,
                            answer -> owner.loop().post(() -> LeaderDuties.isrAnswered(partition, proposal, answer)));
        }
    }

    @Override
    public boolean isAlive(int brokerId) {
        return replication() == null || replication().isAlive(brokerId);
    }

    @Override
    public long nowMs() {
        return clock.monotonicNs() / NANOS_PER_MS;
    }

    @Override
    public long maxLagMs() {
        return replication() == null ? DEFAULT_MAX_LAG_MS : replication().maxLagMs();
    }
}
