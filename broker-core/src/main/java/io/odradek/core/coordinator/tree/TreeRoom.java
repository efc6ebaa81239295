package io.odradek.core.coordinator.tree;

import io.odradek.core.coordination.ConsumerPaths;
import io.odradek.core.coordination.CoordinationStore;
import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.storage.env.Clock;
import io.odradek.storage.env.FewLines;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The room for positions in the cluster's tree, which clients could fill: what is below {@link ConsumerPaths#CONSUMERS} is
 * counted when the first node is to be created, and with what this broker creates from then on. Where it is full, positions in
 * topics that there are no more make room, and what there is is counted anew, but not all the time. What other brokers create
 * is seen only then.
 *
 * <p>Belongs to the cluster loop.
 */
final class TreeRoom {
    private static final Logger LOG = LoggerFactory.getLogger(TreeRoom.class);

    /** About what a node takes in the memory of whoever keeps the tree, beside its path and its name. */
    private static final int BESIDES_BYTES = 350;

    private static final long REST_NS = 60_000_000_000L;

    /** Where others have filled the tree, not all of that is looked at. */
    private static final int MOST_COUNTED = 4;

    private static final String SETTING = "odradek.tree.positions.max.bytes";

    private final CoordinationStore store;
    private final Clock clock;
    private final long maxBytes;
    private final FewLines lines;
    /** Null while nobody counts. */
    private CompletionStage<Void> counting;

    private boolean counted;
    private boolean swept;
    private long sweptNs;
    private long takenBytes;

    TreeRoom(CoordinationStore store, Clock clock, long maxBytes) {
        this.store = store;
        this.clock = clock;
        this.maxBytes = maxBytes;
        this.lines = new FewLines(LOG, clock);
    }

    /** {@return about what a node takes} */
    static long sizeBytes(String path) {
        return BESIDES_BYTES + 2L * path.length();
    }

    /** Takes room for nodes. {@return fails with POLICY_VIOLATION where there is not so much} */
    CompletionStage<Void> take(long bytes) {
        CompletionStage<Void> known = counted ? CompletableFuture.completedStage(null) : count(false);
        return known.thenCompose(first -> {
                    boolean again =
                            takenBytes + bytes > maxBytes && (!swept || clock.monotonicNs() - sweptNs >= REST_NS);
                    return again ? count(true) : CompletableFuture.completedStage(null);
                })
                .thenAccept(last -> takeNow(bytes));
    }

    /** Nodes were not created after all. */
    void giveBack(long bytes) {
        takenBytes -= bytes;
    }

    private void takeNow(long bytes) {
        if (takenBytes + bytes > maxBytes) {
            String line = "A position is not kept in " + ConsumerPaths.CONSUMERS + ": there is no room for more ("
                    + SETTING + "=" + maxBytes + ")";
            lines.warn(line);
            throw new ApiException(ErrorCode.POLICY_VIOLATION, line);
        }
        takenBytes += bytes;
    }

    /** One at a time, for all who wait. */
    private CompletionStage<Void> count(boolean sweep) {
        if (counting != null) {
            return counting;
        }
        TreeCount count = new TreeCount(store, sweep ? MOST_COUNTED * maxBytes : maxBytes);
        CompletionStage<Void> walked = count.walk();
        CompletionStage<Void> begun = (sweep ? walked.thenCompose(all -> count.sweep()) : walked).thenAccept(all -> {
            takenBytes = count.bytes();
            counted = true;
            if (sweep) {
                swept = true;
                sweptNs = clock.monotonicNs();
            }
        });
        counting = begun;
        begun.whenComplete((done, error) -> counting = null);
        return begun;
    }
}
