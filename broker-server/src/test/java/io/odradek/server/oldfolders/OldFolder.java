package io.odradek.server.oldfolders;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.odradek.server.clients.Peer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A log folder with records of the old formats that Apache Kafka has written, as it lies in {@code src/test/peers/recorded/old}: {@code
 * data}, the tree in ZooKeeper that it had, and what Kafka 3.9.2 gives a reader of it. {@link OldRecorder} makes it.
 *
 * @param version which Kafka wrote it
 * @param format its {@code log.message.format.version}
 * @param settings what is set besides
 */
record OldFolder(String version, String format, List<String> settings) {
    /** As brokers of 2017 had it by default, and compressed positions. */
    static final OldFolder OF_0_10_2 =
            new OldFolder("0.10.2.2", "0.10.2", List.of("offsets.topic.compression.codec=1"));

    /** A broker that stands in a cluster of 2015: no timestamps, and old values of groups. */
    static final OldFolder OF_0_10_2_AS_0_9 =
            new OldFolder("0.10.2.2", "0.9.0.1", List.of("inter.broker.protocol.version=0.9.0.1"));

    static final OldFolder OF_3_9_AS_0_10_2 =
            new OldFolder("3.9.2", "0.10.2", List.of("inter.broker.protocol.version=2.8"));

    static final OldFolder OF_3_9_AS_0_9 =
            new OldFolder("3.9.2", "0.9.0", List.of("inter.broker.protocol.version=2.8"));

    static final List<OldFolder> ALL = List.of(OF_0_10_2, OF_0_10_2_AS_0_9, OF_3_9_AS_0_10_2, OF_3_9_AS_0_9);

    /** Those of the tests that are made of records in batches. */
    static final List<String> CODECS = List.of("none", "gzip", "snappy", "lz4");

    private static final Path RECORDED = Path.of("src/test/peers/recorded/old");

    /** {@return whether its records have timestamps} */
    boolean hasTimestamps() {
        return !format.startsWith("0.9");
    }

    /** {@return where it is kept} */
    Path home() {
        return RECORDED.resolve("kafka-" + version + "-format-" + format);
    }

    /** {@return a copy of its data} @param folder that is to be made */
    Path copyTo(Path folder) throws IOException {
        copy(home().resolve("data"), folder);
        return folder;
    }

    /** {@return its tree, a node a line} */
    List<String> tree() throws IOException {
        return Files.readAllLines(home().resolve("tree.tsv"), UTF_8);
    }

    /** {@return what a reader of Kafka 3.9.2 gets of it} */
    List<ReadRecord> contents() throws IOException {
        return Files.readAllLines(home().resolve("contents.tsv"), UTF_8).stream()
                .map(ReadRecord::parse)
                .toList();
    }

    /** {@return what it gets of a topic} */
    List<ReadRecord> contents(String topic) throws IOException {
        return contents().stream()
                .filter(record -> record.topic().equals(topic))
                .toList();
    }

    /** {@return options without which its JVM does not let it run} */
    List<String> jvmOptions() {
        return version.equals("3.9.2")
                ? List.of()
                : List.of(
                        "--add-opens=java.base/java.nio=ALL-UNNAMED",
                        "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
                        "--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED");
    }

    Peer peer(Path folder) throws IOException, InterruptedException {
        return new Peer(version, folder);
    }

    static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        }
    }

    @Override
    public String toString() {
        return home().getFileName().toString();
    }
}
