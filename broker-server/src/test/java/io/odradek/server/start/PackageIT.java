package io.odradek.server.start;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The distribution as users get it: unpacked by somebody else, read-only, in a folder with a blank in its name. */
@DisabledOnOs(OS.WINDOWS)
class PackageIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir(factory = BlankInTheName.class)
    private Path folder;

    private Unpacked unpacked;
    private final Map<String, String> environment = new TreeMap<>();
    private String address;

    @BeforeEach
    void unpack() throws Exception {
        unpacked = Unpacked.into(folder);
        environment.put("BROKER_HEAP_OPTS", "-Xmx256m");
        environment.put("XDG_CACHE_HOME", unpacked.state() + "/cache");
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            address = "127.0.0.1:" + free.getLocalPort();
        }
    }

    @AfterEach
    void release() throws Exception {
        if (Files.exists(unpacked.state().resolve("logs/broker.pid"))) {
            unpacked.run(environment, "broker-stop.sh");
        }
        unpacked.release();
    }

    @Test
    void itServesWhereItCannotBeWrittenAndKeepsAllThatItWritesElsewhere() throws Exception {
        List<String> before = unpacked.files();
        Scripts.Result refused = start();
        assertThat(refused.status()).isEqualTo(1);
        assertThat(refused.output().strip().lines())
                .as(refused.output())
                .containsExactly(unpacked.home()
                        + " cannot be written: BROKER_STATE_DIR says in which folder logs and data go instead");

        environment.put("BROKER_STATE_DIR", unpacked.state().toString());
        Scripts.Result first = start();

        assertThat(first.status()).as(first.output()).isZero();
        assertThat(first.output())
                .contains("Preparing fast starts")
                .contains("serves PLAINTEXT://" + address + ", data in " + unpacked.state() + "/data")
                .doesNotContain("WARN");
        assertThat(archives()).hasSize(1);
        send("one");
        stop();

        Path told = withToldServiceManager();
        Scripts.Result second = start();

        assertThat(second.status()).as(second.output()).isZero();
        assertThat(second.output()).doesNotContain("Preparing");
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(told).exists().hasContent("--ready"));
        send("two");
        assertThat(read(2)).containsExactly("one", "two");
        stop();
        assertThat(unpacked.state().resolve("data/.kafka_cleanshutdown")).exists();
        assertThat(unpacked.files()).isEqualTo(before);
    }

    @Test
    void itServesWithoutAnArchiveOfClassesWhereNoneCanBeKept() throws Exception {
        environment.put("BROKER_STATE_DIR", unpacked.state().toString());
        environment.put("XDG_CACHE_HOME", "/dev/null/nowhere");

        Scripts.Result started = start();

        assertThat(started.status()).as(started.output()).isZero();
        assertThat(started.output())
                .doesNotContain("Preparing")
                .doesNotContain("WARN")
                .contains("serves");
        stop();
    }

    private Scripts.Result start() throws Exception {
        return unpacked.run(
                environment, "broker-start.sh", "-daemon", "--override", "listeners=PLAINTEXT://" + address);
    }

    private void stop() throws Exception {
        Scripts.Result stopped = unpacked.run(environment, "broker-stop.sh");
        assertThat(stopped.status()).as(stopped.output()).isZero();
    }

    private List<Path> archives() throws IOException {
        try (Stream<Path> files = Files.list(unpacked.state().resolve("cache/odradek"))) {
            return files.toList();
        }
    }

    /** Puts itself in the place of systemd's tool. {@return where it writes what it was asked to tell} */
    private Path withToldServiceManager() throws IOException {
        Path tools = Files.createDirectory(folder.resolve("tools"));
        Path told = unpacked.state().resolve("told");
        Path tool = Files.writeString(tools.resolve("systemd-notify"), "#!/bin/sh\necho \"$@\" >'" + told + "'\n");
        Files.setPosixFilePermissions(tool, PosixFilePermissions.fromString("rwxr-xr-x"));
        environment.put("PATH", tools + ":" + System.getenv("PATH"));
        environment.put("NOTIFY_SOCKET", "/run/systemd/notify");
        return told;
    }

    private void send(String value) throws Exception {
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", address), new StringSerializer(), new StringSerializer())) {
            producer.send(new ProducerRecord<>("topic", value)).get();
        }
    }

    private List<String> read(int count) {
        Map<String, Object> settings =
                Map.of("bootstrap.servers", address, "group.id", "readers", "auto.offset.reset", "earliest");
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            consumer.subscribe(List.of("topic"));
            List<String> values = new ArrayList<>();
            long until = System.nanoTime() + PATIENCE.toNanos();
            while (values.size() < count && System.nanoTime() < until) {
                for (ConsumerRecord<String, String> each : consumer.poll(Duration.ofMillis(100))) {
                    values.add(each.value());
                }
            }
            return values;
        }
    }
}
