package io.odradek.core.engine;

import io.odradek.core.metadata.MetadataImage;
import io.odradek.core.metadata.MetadataImage.PartitionInfo;
import io.odradek.core.metadata.MetadataSource;
import io.odradek.core.partition.TopicCounting;
import io.odradek.protocol.TopicPartition;
import io.odradek.storage.env.Meters;
import io.odradek.storage.log.Log;
import io.odradek.storage.manager.LogFolders;
import io.odradek.storage.manager.LogManager;
import java.nio.file.Path;
import java.util.function.ToLongFunction;

/**
 * What is shown of a broker's replicas and folders, reckoned when somebody looks: how many {@code replicas} it has, {@code
 * replicas.leading} and {@code replicas.offline}; of the partitions that it leads, those that are {@code
 * partitions.under.replicated}, {@code partitions.under.min.isr} and {@code partitions.at.min.isr}; and the {@code
 * folders.offline}. All is as the metadata image shows it; replicas that come only now are none yet.
 */
final class EngineMeters {
    private final int brokerId;
    private final MetadataSource metadata;
    private final LogManager logs;
    private final TopicCounting counting;
    private Counts latest = new Counts(null, 0);

    EngineMeters(int brokerId, MetadataSource metadata, LogManager logs, TopicCounting counting) {
        this.brokerId = brokerId;
        this.metadata = metadata;
        this.logs = logs;
        this.counting = counting;
    }

    void show(Meters meters, LogFolders folders) {
        show(meters, "replicas", counts -> counts.replicas);
        show(meters, "replicas.leading", counts -> counts.leading);
        show(meters, "replicas.offline", counts -> counts.offline);
        show(meters, "partitions.under.replicated", counts -> counts.underReplicated);
        show(meters, "partitions.under.min.isr", counts -> counts.underMinIsr);
        show(meters, "partitions.at.min.isr", counts -> counts.atMinIsr);
        meters.gauge(
                "folders.offline",
                () -> folders.paths().size() - folders.online().size());
        for (Path folder : folders.paths()) {
            meters.gauge("folder.offline", () -> folders.isOnline(folder) ? 0 : 1, "folder", folder.toString());
        }
    }

    private void show(Meters meters, String name, ToLongFunction<Counts> count) {
        meters.gauge(name, () -> count.applyAsLong(counts()));
    }

    /** Counted once for each image and what moves, and no more often. */
    private synchronized Counts counts() {
        MetadataImage image = metadata.image();
        int moves = counting.movesChanged();
        if (latest.image != image || latest.moves != moves) {
            latest = new Counts(image, moves);
            image.topics().forEach((topic, info) -> {
                for (int i = 0; i < info.partitions().size(); i++) {
                    count(
                            latest,
                            new TopicPartition(topic, i),
                            info.partitions().get(i));
                }
            });
        }
        return latest;
    }

    private void count(Counts counts, TopicPartition id, PartitionInfo partition) {
        if (!partition.replicas().contains(brokerId)) {
            return;
        }
        counts.replicas++;
        counts.offline += partition.failed().contains(brokerId) ? 1 : 0;
        if (partition.leader() == brokerId) {
            int inSync = partition.isr().size();
            int least = Math.min(minInSync(id), partition.replicas().size());
            counts.leading++;
            counts.underReplicated += inSync < partition.replicas().size() - counting.coming(id) ? 1 : 0;
            counts.underMinIsr += inSync < least ? 1 : 0;
            counts.atMinIsr += inSync == least ? 1 : 0;
        }
    }

    private int minInSync(TopicPartition id) {
        return logs.log(id)
                .map(Log::config)
                .map(config -> config.minInsyncReplicas())
                .orElse(1);
    }

    private static final class Counts {
        private final MetadataImage image;
        private final int moves;
        private long replicas;
        private long leading;
        private long offline;
        private long underReplicated;
        private long underMinIsr;
        private long atMinIsr;

        Counts(MetadataImage image, int moves) {
            this.image = image;
            this.moves = moves;
        }
    }
}
