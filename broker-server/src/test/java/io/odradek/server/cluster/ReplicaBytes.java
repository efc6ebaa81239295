package io.odradek.server.cluster;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The logs of the brokers, byte by byte. Where a log is cut into segments may differ. */
final class ReplicaBytes {
    private static final int CHUNK_BYTES = 1 << 16;

    private ReplicaBytes() {}

    /**
     * Compares the replicas of all partitions.
     *
     * @param folders the log folders of brokers that do not run and have replicas of everything
     * @return how they differ, nothing if they are equal
     */
    static List<String> differences(List<Path> folders) throws IOException {
        TreeSet<String> partitions = new TreeSet<>();
        for (Path folder : folders) {
            partitions.addAll(names(folder, ".+-\\d+"));
        }
        List<String> found = new ArrayList<>();
        for (String partition : partitions) {
            for (Path folder : folders.subList(1, folders.size())) {
                String difference = difference(folders.get(0).resolve(partition), folder.resolve(partition));
                if (difference != null) {
                    found.add(difference);
                }
            }
        }
        return found;
    }

    private static String difference(Path one, Path other) throws IOException {
        if (!Files.isDirectory(one) || !Files.isDirectory(other)) {
            return one + " and " + other + " are not both there";
        }
        try (InputStream first = open(one);
                InputStream second = open(other)) {
            long at = 0;
            while (true) {
                byte[] here = first.readNBytes(CHUNK_BYTES);
                byte[] there = second.readNBytes(CHUNK_BYTES);
                int mismatch = Arrays.mismatch(here, there);
                if (mismatch >= 0) {
                    return one + " and " + other + " differ at byte " + (at + mismatch) + " of " + size(one) + " and "
                            + size(other);
                }
                if (here.length == 0) {
                    return null;
                }
                at += here.length;
            }
        }
    }

    private static InputStream open(Path partition) throws IOException {
        List<InputStream> segments = new ArrayList<>();
        for (String name : names(partition, "\\d+\\.log")) {
            segments.add(new BufferedInputStream(Files.newInputStream(partition.resolve(name)), CHUNK_BYTES));
        }
        return new SequenceInputStream(Collections.enumeration(segments));
    }

    private static long size(Path partition) throws IOException {
        long size = 0;
        for (String name : names(partition, "\\d+\\.log")) {
            size += Files.size(partition.resolve(name));
        }
        return size;
    }

    private static List<String> names(Path folder, String pattern) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.matches(pattern))
                    .sorted()
                    .toList();
        }
    }
}
