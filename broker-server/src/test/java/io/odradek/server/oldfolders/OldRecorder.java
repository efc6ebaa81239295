package io.odradek.server.oldfolders;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.odradek.server.clients.KafkaBroker;
import io.odradek.server.clients.Peer;
import io.odradek.server.zookeeper.TestEnsemble;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Has Apache Kafka fill an {@link OldFolder}, by the client of 0.10.2.2. */
final class OldRecorder {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final List<String> TOPICS =
            List.of("none", "gzip", "snappy", "lz4", "appended", "table", "cleaned", "upgraded");

    private final OldFolder recorded;
    private final Path folder;
    private final Path data;
    private final int port;

    /** @param folder for everything */
    OldRecorder(OldFolder recorded, Path folder) throws IOException {
        this.recorded = recorded;
        this.folder = Files.createDirectories(folder);
        data = folder.resolve("data");
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
    }

    void record() throws Exception {
        Path home = recorded.home();
        try (TestEnsemble ensemble = new TestEnsemble(folder.resolve("zookeeper"))) {
            TreeLines tree = new TreeLines(ensemble);
            fill(ensemble, tree);
            if (Files.exists(home)) {
                delete(home);
            }
            Files.createDirectories(home);
            OldFolder.copy(data, home.resolve("data"));
            Files.deleteIfExists(home.resolve("data/.lock"));
            Files.write(home.resolve("tree.tsv"), tree.read(), UTF_8);
        }
        try (TestEnsemble ensemble = new TestEnsemble(folder.resolve("zookeeper-again"))) {
            new TreeLines(ensemble).write(recorded.tree());
            try (KafkaBroker kafka =
                    start(new Peer("3.9.2", folder.resolve("reader")), ensemble, List.of(), List.of())) {
                List<ReadRecord> contents = ReadRecord.all("127.0.0.1:" + port, TOPICS);
                Files.write(
                        home.resolve("contents.tsv"),
                        contents.stream().map(ReadRecord::line).toList(),
                        UTF_8);
                kafka.stop();
            }
        }
    }

    private void fill(TestEnsemble ensemble, TreeLines tree) throws Exception {
        Peer peer = recorded.peer(folder.resolve("peer"));
        List<String> settings = new ArrayList<>(recorded.settings());
        settings.add("log.message.format.version=" + recorded.format());
        try (OldClient client =
                new OldClient(new Peer("0.10.2.2", folder.resolve("client")), folder, "127.0.0.1:" + port)) {
            try (KafkaBroker kafka = start(peer, ensemble, settings, recorded.jvmOptions())) {
                await().atMost(PATIENCE).until(() -> tree.has("/brokers/ids/0"));
                send(tree, client);
                kafka.stop();
            }
            if (recorded.hasTimestamps()) {
                upgrade(tree, recorded.format());
            }
            try (KafkaBroker kafka = start(peer, ensemble, settings, recorded.jvmOptions())) {
                client.call("send upgraded snappy 90 150");
                client.call("send upgraded lz4 150 180");
                kafka.stop();
            }
            if (recorded.version().equals("3.9.2")) {
                upgrade(tree, "2.8");
            }
            try (KafkaBroker kafka = start(peer, ensemble, settings, recorded.jvmOptions())) {
                client.call("send upgraded gzip 180 200");
                client.call("send upgraded none 200 220");
                client.call("group readers none 50 noted");
                client.call("group readers gzip 7 noted-too");
                client.call("stay stayers snappy");
                kafka.stop();
            }
        }
    }

    private static void upgrade(TreeLines tree, String format) throws Exception {
        tree.set(
                "/config/topics/upgraded",
                "{\"version\":1,\"config\":{\"message.format.version\":\"" + format + "\"}}");
    }

    private void send(TreeLines tree, OldClient client) throws Exception {
        for (String codec : OldFolder.CODECS) {
            tree.createTopic(codec, "");
            client.call("send " + codec + " " + codec + " 0 120");
        }
        tree.createTopic("appended", "\"message.timestamp.type\":\"LogAppendTime\"");
        client.call("send appended gzip 0 40");
        client.call("send appended none 40 60");
        tree.createTopic(
                "table", "\"cleanup.policy\":\"compact\",\"min.compaction.lag.ms\":\"" + Long.MAX_VALUE / 2 + "\"");
        client.call("send table snappy 0 150 20");
        client.call("send table none 150 170 20");
        client.call("end table k3 k7");
        tree.createTopic(
                "cleaned",
                "\"cleanup.policy\":\"compact\",\"min.cleanable.dirty.ratio\":\"0.001\",\"delete.retention.ms\":\""
                        + Long.MAX_VALUE / 2 + "\"");
        client.call("send cleaned gzip 0 150 50");
        client.call("send cleaned lz4 150 300 40");
        client.call("end cleaned k3 k7");
        client.call("send cleaned none 300 400 30");
        await().atMost(PATIENCE).until(this::isCleaned);
        tree.createTopic("upgraded", "\"message.format.version\":\"0.9.0\"");
        client.call("send upgraded gzip 0 60");
        client.call("send upgraded none 60 90");
    }

    /** {@return whether cleaning has come to the last segment} */
    private boolean isCleaned() throws IOException {
        try (Stream<Path> files = Files.list(data.resolve("cleaned-0"))) {
            long last = files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".log"))
                    .mapToLong(name -> Long.parseLong(name.substring(0, name.indexOf('.'))))
                    .max()
                    .orElse(0);
            return last > 0
                    && Files.readString(data.resolve("cleaner-offset-checkpoint"))
                            .contains("cleaned 0 " + last + "\n");
        }
    }

    private KafkaBroker start(Peer peer, TestEnsemble ensemble, List<String> more, List<String> options)
            throws Exception {
        List<String> settings = new ArrayList<>(List.of(
                "broker.id=0",
                "listeners=PLAINTEXT://127.0.0.1:" + port,
                "zookeeper.connect=" + ensemble.connect(),
                "log.dirs=" + data,
                "log.segment.bytes=4096",
                "log.index.interval.bytes=500",
                "log.index.size.max.bytes=1024",
                "log.retention.ms=-1",
                "log.cleaner.backoff.ms=200",
                "log.cleaner.dedupe.buffer.size=2097152",
                "offsets.retention.minutes=1000000000",
                "offsets.topic.replication.factor=1",
                "offsets.topic.num.partitions=1",
                "auto.create.topics.enable=false"));
        settings.addAll(more);
        KafkaBroker kafka = KafkaBroker.start(peer, folder.resolve("broker"), settings, options);
        await().atMost(PATIENCE).ignoreExceptionsInstanceOf(IOException.class).until(() -> {
            assertThat(kafka.process().isAlive())
                    .as(Files.readString(folder.resolve("broker/broker.out")))
                    .isTrue();
            new Socket(InetAddress.getLoopbackAddress(), port).close();
            return true;
        });
        return kafka;
    }

    private static void delete(Path lost) throws IOException {
        try (Stream<Path> all = Files.walk(lost)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
