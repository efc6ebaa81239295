package io.odradek.server.tools.doctor;

import io.odradek.core.config.BrokerConfig;
import io.odradek.storage.checkpoint.BrokerMetadataFile;
import io.odradek.storage.checkpoint.BrokerMetadataFile.BrokerMetadata;
import io.odradek.storage.io.NioLogFileSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Looks at log folders: whether they can be written, have room, belong together, and are not from the future. */
record FolderLook(BrokerConfig config, Optional<String> runningCluster, Consumer<Finding> found) {
    private static final long GIB = 1L << 30;
    private static final long MIB = 1L << 20;
    private static final double LITTLE = 0.05;
    private static final Duration AHEAD = Duration.ofMinutes(1);

    void look() {
        Set<String> clusters = new TreeSet<>();
        Set<Integer> brokers = new TreeSet<>();
        for (String each : config.logDirs()) {
            Path folder = Path.of(each).toAbsolutePath();
            String about = "log folder " + folder;
            try {
                look(about, folder);
                Optional<BrokerMetadata> metadata = Files.isDirectory(folder)
                        ? new BrokerMetadataFile(new NioLogFileSystem(), folder).read()
                        : Optional.empty();
                metadata.flatMap(BrokerMetadata::clusterId).ifPresent(clusters::add);
                metadata.map(BrokerMetadata::brokerId).ifPresent(brokers::add);
            } catch (IOException unreadable) {
                found.accept(Finding.fail(about, unreadable.toString(), "See that the disk works, and who owns it"));
            }
        }
        identity(clusters, brokers);
    }

    private void look(String about, Path folder) throws IOException {
        Path there = folder;
        while (!Files.exists(there)) {
            there = there.getParent();
        }
        if (!Files.isDirectory(there) || !Files.isWritable(there)) {
            found.accept(Finding.fail(
                    about, there + " cannot be written", "Give it to the user that the broker runs as (chown)"));
            return;
        }
        found.accept(room(
                about,
                Files.getFileStore(there).getUsableSpace(),
                Files.getFileStore(there).getTotalSpace()));
        if (there.equals(folder)) {
            Instant newest = newest(folder);
            if (newest.isAfter(Instant.now().plus(AHEAD))) {
                found.accept(Finding.warn(
                        "clock",
                        "the newest file in " + folder + " is of " + newest + ", which is still to come",
                        "Set this machine's clock (chronyc tracking): retention goes by it"));
            }
        }
    }

    /** {@return what is to be said of the room on a disk} @param free bytes @param total bytes */
    static Finding room(String about, long free, long total) {
        String text = free / MIB + " MiB of " + total / MIB + " MiB are free";
        String advice = "Make room, or shorten retention (retention.ms, retention.bytes)";
        if (free < GIB / 8) {
            return Finding.fail(about, text, advice);
        }
        return free < GIB || free < total * LITTLE ? Finding.warn(about, text, advice) : Finding.ok(about, text);
    }

    private static Instant newest(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(FolderLook::changed).max(Instant::compareTo).orElse(Instant.EPOCH);
        }
    }

    private static Instant changed(Path file) {
        try {
            FileTime time = Files.getLastModifiedTime(file);
            return time.toInstant();
        } catch (IOException gone) {
            return Instant.EPOCH;
        }
    }

    private void identity(Set<String> clusters, Set<Integer> brokers) {
        String about = BrokerMetadataFile.NAME;
        String advice = "A folder of another broker was mounted here: take it out of log.dirs";
        runningCluster.filter(id -> !clusters.isEmpty()).ifPresent(clusters::add);
        if (config.isSet("broker.id") && config.brokerId() >= 0 && !brokers.isEmpty()) {
            brokers.add(config.brokerId());
        }
        if (clusters.size() > 1) {
            found.accept(Finding.fail(
                    about, "cluster ids differ, in folders or in the running cluster: " + clusters, advice));
        }
        if (brokers.size() > 1) {
            found.accept(Finding.fail(about, "broker ids differ, in folders or in broker.id: " + brokers, advice));
        }
        if (clusters.size() <= 1 && brokers.size() <= 1) {
            // Kafka 0.10 does not say there which cluster it is of.
            String of = clusters.isEmpty() ? "a cluster that is not named" : clusters.toString();
            found.accept(Finding.ok(about, brokers.isEmpty() ? "none yet" : "broker " + brokers + " of " + of));
        }
    }
}
