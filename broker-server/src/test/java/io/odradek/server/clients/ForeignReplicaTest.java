package io.odradek.server.clients;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.odradek.protocol.api.FetchRequest;
import io.odradek.protocol.api.FetchRequest.FetchPartition;
import io.odradek.protocol.api.FetchRequest.FetchTopic;
import io.odradek.protocol.api.FetchRequest.ReplicaState;
import io.odradek.protocol.api.FetchResponse;
import io.odradek.protocol.api.FetchResponse.PartitionData;
import io.odradek.protocol.api.ListOffsetsRequest;
import io.odradek.protocol.api.ListOffsetsRequest.ListOffsetsPartition;
import io.odradek.protocol.api.ListOffsetsRequest.ListOffsetsTopic;
import io.odradek.protocol.api.ListOffsetsResponse;
import io.odradek.protocol.api.ListOffsetsResponse.ListOffsetsPartitionResponse;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.wire.Uuid;
import io.odradek.server.embedded.EmbeddedBroker;
import io.odradek.server.net.RawClient;
import io.odradek.server.zookeeper.TestEnsemble;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Clients that fetch, and ask for offsets, in the name of a replica by a listener that brokers do not use: what a broker of a
 * cluster of ours answers, beside one of Apache Kafka 3.9.2 that nobody told to authorize anything.
 */
@Timeout(300)
@SuppressWarnings("try") // Brokers that are only closed.
class ForeignReplicaTest {
    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final int TICK_MS = 3_000;
    private static final int LEADER = 7;
    private static final int FOLLOWER = 8;
    private static final int NOBODY = 9;
    private static final int CONSUMER = -1;
    private static final int DEBUGGING_CONSUMER = -2;

    @TempDir
    Path folder;

    @Test
    void whatAClientGetsInTheNameOfAReplica() throws Exception {
        SortedMap<String, String> ours;
        SortedMap<String, String> kafkas;
        try (TestEnsemble ensemble = new TestEnsemble(folder.resolve("zookeeper"), TICK_MS)) {
            int port = freePort();
            Map<String, String> leading = settings(LEADER, ensemble.connect() + "/ours", port);
            try (EmbeddedBroker leader = ours(leading)) {
                try (EmbeddedBroker follower = ours(settings(FOLLOWER, ensemble.connect() + "/ours", freePort()))) {
                    create(port);
                }
                ours = answers(port);
            }
            Peer peer = new Peer("3.9.2", folder.resolve("peer"));
            port = freePort();
            leading = settings(LEADER, ensemble.connect() + "/kafkas", port);
            try (KafkaBroker leader = kafkas(peer, leading);
                    KafkaBroker follower =
                            kafkas(peer, settings(FOLLOWER, ensemble.connect() + "/kafkas", freePort()))) {
                create(port);
                follower.stop();
                kafkas = answers(port);
            }
        }
        String unknown = "NOT_LEADER_OR_FOLLOWER, high watermark -1, without records";
        assertThat(kafkas)
                .as("Kafka takes the client's word for what the follower has")
                .containsEntry("Fetch of " + FOLLOWER, "NONE, high watermark 1, with records")
                .containsEntry("Fetch of " + LEADER, unknown)
                .containsEntry("Fetch of " + NOBODY, unknown);
        for (int replica : new int[] {LEADER, FOLLOWER, NOBODY}) {
            kafkas.put("Fetch of " + replica, "TOPIC_AUTHORIZATION_FAILED, high watermark -1, without records");
        }
        assertThat(ours).isEqualTo(kafkas);
    }

    private EmbeddedBroker ours(Map<String, String> settings) throws Exception {
        EmbeddedBroker.Builder builder =
                EmbeddedBroker.builder().logFolder(folder.resolve("ours-" + settings.get("broker.id")));
        settings.forEach(builder::setting);
        return builder.start();
    }

    private KafkaBroker kafkas(Peer peer, Map<String, String> settings) throws IOException {
        Path home = folder.resolve("kafka-" + settings.get("broker.id"));
        List<String> lines = new ArrayList<>(List.of("log.dirs=" + home.resolve("data")));
        settings.forEach((name, value) -> lines.add(name + "=" + value));
        return KafkaBroker.start(peer, home, lines);
    }

    private static Map<String, String> settings(int id, String zooKeeper, int port) throws IOException {
        return Map.of(
                "zookeeper.connect",
                zooKeeper,
                "broker.id",
                Integer.toString(id),
                "listeners",
                "CLIENTS://127.0.0.1:" + port + ",BROKERS://127.0.0.1:" + freePort(),
                "listener.security.protocol.map",
                "CLIENTS:PLAINTEXT,BROKERS:PLAINTEXT",
                "inter.broker.listener.name",
                "BROKERS");
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static void create(int port) throws Exception {
        try (Admin admin = Admin.create(client(port))) {
            await().atMost(PATIENCE)
                    .until(() -> admin.describeCluster().nodes().get().size() == 2);
            admin.createTopics(List.of(new NewTopic("led", Map.of(0, List.of(LEADER, FOLLOWER)))))
                    .all()
                    .get();
        }
    }

    private static Map<String, Object> client(int port) {
        return Map.of("bootstrap.servers", "127.0.0.1:" + port);
    }

    /** There is one record in the log of a partition whose follower has gone. */
    private static SortedMap<String, String> answers(int port) throws Exception {
        Uuid topicId;
        try (Admin admin = Admin.create(client(port))) {
            TopicDescription[] led = new TopicDescription[1];
            await().atMost(PATIENCE).until(() -> {
                led[0] = admin.describeTopics(List.of("led"))
                        .allTopicNames()
                        .get()
                        .get("led");
                return led[0].partitions().get(0).isr().size() == 1;
            });
            topicId = new Uuid(
                    led[0].topicId().getMostSignificantBits(), led[0].topicId().getLeastSignificantBits());
        }
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(client(port), new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>("led", 0, null, "v".getBytes(UTF_8)))
                    .get();
        }
        SortedMap<String, String> answers = new TreeMap<>();
        try (RawClient raw = new RawClient(new InetSocketAddress("127.0.0.1", port))) {
            for (int id : new int[] {CONSUMER, DEBUGGING_CONSUMER, LEADER, FOLLOWER, NOBODY}) {
                answers.put("Fetch of " + id, fetch(raw, id, topicId));
                answers.put("ListOffsets of " + id, latest(raw, id));
            }
        }
        return answers;
    }

    private static String fetch(RawClient raw, int replicaId, Uuid topicId) throws IOException {
        FetchPartition partition = new FetchPartition(0, -1, 0, -1, 0, 1 << 20, Uuid.ZERO);
        FetchTopic topic = new FetchTopic("", topicId, List.of(partition));
        FetchResponse answer = raw.ask(
                new FetchRequest(
                        null,
                        -1,
                        new ReplicaState(replicaId, -1),
                        0,
                        1,
                        1 << 20,
                        (byte) 0,
                        0,
                        -1,
                        List.of(topic),
                        List.of(),
                        ""),
                17,
                FetchResponse.class);
        if (answer.errorCode() != ErrorCode.NONE) {
            return "as a whole " + answer.errorCode();
        }
        PartitionData data = answer.responses().get(0).partitions().get(0);
        boolean records = data.records() != null && data.records().sizeBytes() > 0;
        return data.errorCode() + ", high watermark " + data.highWatermark() + (records ? ", with" : ", without")
                + " records";
    }

    private static String latest(RawClient raw, int replicaId) throws IOException {
        ListOffsetsPartition partition = new ListOffsetsPartition(0, -1, -1, 1);
        ListOffsetsResponse answer = raw.ask(
                new ListOffsetsRequest(replicaId, (byte) 0, List.of(new ListOffsetsTopic("led", List.of(partition)))),
                9,
                ListOffsetsResponse.class);
        ListOffsetsPartitionResponse found = answer.topics().get(0).partitions().get(0);
        return found.errorCode() + ", offset " + found.offset();
    }
}
