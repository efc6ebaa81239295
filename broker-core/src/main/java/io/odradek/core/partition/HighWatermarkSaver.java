package io.odradek.core.partition;

import io.odradek.protocol.TopicPartition;
import io.odradek.storage.env.FewLines;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Saves the high watermarks of all partitions, every {@code replica.high.watermark.checkpoint.interval.ms} and at the end.
 * Lives on the first owner's loop, which asks the others and has the files written on a log-io thread. Nothing is written
 * while nothing has moved.
 */
public final class HighWatermarkSaver {
    private static final Logger LOG = LoggerFactory.getLogger(HighWatermarkSaver.class);

    private final PartitionOwners owners;
    private final ReplicaServices services;
    private final PartitionOwner home;
    private final FewLines failures;
    private SortedMap<TopicPartition, Long> lastSaved = new TreeMap<>();
    private boolean stopped;

    /**
     * @param owners the owners of this broker's partitions
     * @param services threads, and where to save
     */
    public HighWatermarkSaver(PartitionOwners owners, ReplicaServices services) {
        this.owners = owners;
        this.services = services;
        this.home = owners.owner(0);
        this.failures = new FewLines(LOG, services.clock());
    }

    /** Saves again and again, the first time after the interval. */
    public void start(long intervalMs) {
        home.loop().post(() -> scheduleNext(intervalMs));
    }

    /** Saves a last time and stops. {@return completes when that is done, exceptionally if it could not be written} */
    public CompletionStage<Void> stop() {
        CompletableFuture<Void> saved = new CompletableFuture<>();
        home.loop().post(() -> {
            stopped = true;
            collect(0, new TreeMap<>(), saved);
        });
        return saved;
    }

    private void scheduleNext(long intervalMs) {
        if (stopped) {
            return;
        }
        home.loop().schedule(intervalMs, () -> {
            CompletableFuture<Void> saved = new CompletableFuture<>();
            saved.whenComplete((done, failure) -> {
                if (failure != null) {
                    failures.error("High watermarks cannot be saved", failure);
                }
                home.loop().post(() -> scheduleNext(intervalMs));
            });
            collect(0, new TreeMap<>(), saved);
        });
    }

    private void collect(int owner, SortedMap<TopicPartition, Long> found, CompletableFuture<Void> saved) {
        if (owner == owners.count()) {
            home.loop().post(() -> save(found, saved));
            return;
        }
        PartitionOwner next = owners.owner(owner);
        next.loop().post(() -> {
            for (Partition partition : next.partitions()) {
                found.put(partition.id(), partition.highWatermark());
            }
            collect(owner + 1, found, saved);
        });
    }

    private void save(SortedMap<TopicPartition, Long> found, CompletableFuture<Void> saved) {
        if (found.equals(lastSaved)) {
            saved.complete(null);
            return;
        }
        try {
            services.logIo().execute(() -> {
                try {
                    services.highWatermarks().save(found);
                    home.loop().post(() -> {
                        lastSaved = found;
                        saved.complete(null);
                    });
                } catch (Throwable e) {
                    saved.completeExceptionally(e);
                }
            });
        } catch (Throwable e) {
            saved.completeExceptionally(e);
        }
    }
}
