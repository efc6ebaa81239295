package io.odradek.core.request;

import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.api.DescribeLogDirsRequest;
import io.odradek.protocol.api.DescribeLogDirsRequest.DescribableLogDirTopic;
import io.odradek.protocol.api.DescribeLogDirsResponse;
import io.odradek.protocol.api.DescribeLogDirsResponse.DescribeLogDirsPartition;
import io.odradek.protocol.api.DescribeLogDirsResponse.DescribeLogDirsResult;
import io.odradek.protocol.api.DescribeLogDirsResponse.DescribeLogDirsTopic;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.storage.env.Clock;
import io.odradek.storage.env.FewLines;
import io.odradek.storage.io.LogFileSystem.Volume;
import io.odradek.storage.log.Log;
import io.odradek.storage.manager.LogFolder;
import io.odradek.storage.manager.LogManager;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * DescribeLogDirs, versions 0 to 4: the logs in each folder of {@code log.dirs} with their sizes, those on their way to
 * another folder included (as future ones), and from version 4 on the size of the volume (KIP-113, KIP-827). A folder that
 * is offline is KAFKA_STORAGE_ERROR and shows nothing. Partitions that this broker has no log of are left out.
 *
 * <p>Versions: 1 is 0 again, but a throttled client is answered first (KIP-219); 2 is flexible (KIP-482); 3 has an error of
 * the whole answer; 4 tells the size of the volume and what is free of it (KIP-827).
 */
public final class DescribeLogDirsHandler implements RequestHandler<DescribeLogDirsRequest> {
    private static final Logger LOG = LoggerFactory.getLogger(DescribeLogDirsHandler.class);

    private final LogManager logs;
    private final SlowRequests disk;
    private final FewLines refusals;

    /** @param disk asks the disk for its size */
    public DescribeLogDirsHandler(LogManager logs, SlowRequests disk, Clock clock) {
        this.logs = logs;
        this.disk = disk;
        this.refusals = new FewLines(LOG, clock);
    }

    @Override
    public void handle(DescribeLogDirsRequest request, RequestContext context) {
        disk.serve(context, () -> {
            Predicate<TopicPartition> asked = asked(request.topics());
            List<DescribeLogDirsResult> results = new ArrayList<>();
            for (LogFolder folder : logs.folders()) {
                results.add(describe(folder, asked));
            }
            return new DescribeLogDirsResponse(ErrorCode.NONE, results);
        });
    }

    private static Predicate<TopicPartition> asked(List<DescribableLogDirTopic> topics) {
        if (topics == null) {
            return id -> true;
        }
        TreeSet<TopicPartition> ids = new TreeSet<>();
        for (DescribableLogDirTopic topic : topics) {
            for (int partition : topic.partitions()) {
                ids.add(new TopicPartition(topic.topic(), partition));
            }
        }
        return ids::contains;
    }

    private DescribeLogDirsResult describe(LogFolder folder, Predicate<TopicPartition> asked) {
        if (!folder.online()) {
            return offline(folder);
        }
        SortedMap<String, List<DescribeLogDirsPartition>> byTopic = new TreeMap<>();
        for (Log log : folder.logs()) {
            if (asked.test(log.id())) {
                add(byTopic, log, Math.max(0, log.highWatermark() - log.endOffset()), false);
            }
        }
        for (Log future : logs.moves().futures()) {
            if (asked.test(future.id()) && future.folder().getParent().equals(folder.path())) {
                long end = logs.log(future.id()).map(Log::endOffset).orElse(0L);
                add(byTopic, future, Math.max(0, end - future.endOffset()), true);
            }
        }
        List<DescribeLogDirsTopic> topics = new ArrayList<>(byTopic.size());
        byTopic.forEach((name, partitions) -> topics.add(new DescribeLogDirsTopic(name, partitions)));
        Volume volume = volume(folder);
        return new DescribeLogDirsResult(
                ErrorCode.NONE, folder.path().toString(), topics, volume.totalBytes(), volume.usableBytes());
    }

    private static DescribeLogDirsResult offline(LogFolder folder) {
        return new DescribeLogDirsResult(
                ErrorCode.KAFKA_STORAGE_ERROR, folder.path().toString(), List.of(), -1, -1);
    }

    private static void add(
            SortedMap<String, List<DescribeLogDirsPartition>> byTopic, Log log, long lag, boolean future) {
        byTopic.computeIfAbsent(log.id().topic(), topic -> new ArrayList<>())
                .add(new DescribeLogDirsPartition(log.id().partition(), log.sizeBytes(), lag, future));
    }

    private Volume volume(LogFolder folder) {
        try {
            return logs.volumeOf(folder);
        } catch (IOException e) {
            refusals.warn("The size of the volume of " + folder.path() + " is not known: " + e.getMessage());
            return Volume.UNKNOWN;
        }
    }
}
