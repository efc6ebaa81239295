package io.odradek.server.start;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The scripts in {@code bin}, on the distribution that this build has made. */
@DisabledOnOs(OS.WINDOWS)
class StartScriptsIT {
    private static final long SIGINT_BIT = 1L << 1;
    private static final int DONE_WITHIN_SECONDS = 60;

    /** A blank in the name, on purpose. */
    @TempDir(factory = BlankInTheName.class)
    private Path folder;

    private Scripts scripts;
    private int port;

    @BeforeEach
    void takePort() throws IOException {
        String logs = folder.resolve("logs").toString();
        scripts = new Scripts(folder, Map.of("BROKER_LOG_DIR", logs, "BROKER_HEAP_OPTS", "-Xmx256m"));
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        Files.writeString(
                folder.resolve("my broker.properties"),
                "listeners=PLAINTEXT://127.0.0.1:" + port + "\nlog.dirs=the data\nnum.io.threads=1\n"
                        + "offsets.topic.replication.factor=1\ntransaction.state.log.replication.factor=1\n"
                        + "transaction.state.log.min.isr=1\n");
    }

    @AfterEach
    void stopWhatRuns() throws Exception {
        if (Files.exists(folder.resolve("logs/broker.pid"))) {
            scripts.run(Scripts.BIN.resolve("broker-stop.sh"));
        }
    }

    @Test
    void aDaemonServesWhenItsStartReturnsAndIsGoneWhenItsStopReturns() throws Exception {
        Path bin = Files.createSymbolicLink(folder.resolve("linked"), Scripts.BIN);

        Scripts.Result started = scripts.run(bin.resolve("broker-start.sh"), "-daemon", "my broker.properties");

        assertThat(started.status()).as(started.output()).isZero();
        assertThat(started.output())
                .contains("serves PLAINTEXT://127.0.0.1:" + port + ", data in " + folder.resolve("the data"))
                .contains(folder.resolve("logs").toString())
                .doesNotContain("WARN");
        assertThat(Files.readString(folder.resolve("logs/broker.log0")))
                .containsPattern("INFO \\[main\\] odradek .* on Java "
                        + Runtime.version().feature())
                .containsPattern("INFO \\[main\\] Limits: \\d+ MiB of heap, \\d+ MiB of direct memory")
                .containsPattern("INFO \\[main\\] Log folder " + folder.resolve("the data")
                        + ": \\d+ MiB free of \\d+ MiB, and is new")
                .contains("Settings that differ from their defaults: listeners=PLAINTEXT://127.0.0.1:" + port
                        + ", log.dirs=the data, num.io.threads=1, offsets.topic.replication.factor=1");
        send();
        long pid = Long.parseLong(
                Files.readString(folder.resolve("logs/broker.pid")).trim());

        Scripts.Result stopped = scripts.run(bin.resolve("broker-stop.sh"));

        assertThat(stopped.status()).as(stopped.output()).isZero();
        assertThat(stopped.output())
                .contains("Stopping the broker, process " + pid)
                .contains("Stopped");
        new ServerSocket(port, 1, InetAddress.getLoopbackAddress()).close();
        assertThat(folder.resolve("the data/.kafka_cleanshutdown")).exists();
        assertThat(scripts.run(bin.resolve("broker-stop.sh")).status()).isEqualTo(1);
    }

    /** Whoever starts a build in the background of a shell has it ignore SIGINT, and all that it starts. */
    private static boolean interruptsAreIgnored() throws IOException {
        Path status = Path.of("/proc/self/status");
        if (!Files.exists(status)) {
            return false;
        }
        for (String line : Files.readAllLines(status)) {
            if (line.startsWith("SigIgn:")) {
                return (Long.parseUnsignedLong(line.substring(7).trim(), 16) & SIGINT_BIT) != 0;
            }
        }
        return false;
    }

    @Test
    void aSignalStopsTheBrokerInGoodOrderHoweverOftenItComes() throws Exception {
        for (String signal : interruptsAreIgnored() ? List.of("TERM") : List.of("TERM", "INT")) {
            Process broker = start();
            scripts.run(
                    Path.of("/bin/sh"),
                    "-c",
                    "kill -" + signal + " " + broker.pid() + "; kill -" + signal + " " + broker.pid());

            assertThat(broker.waitFor(DONE_WITHIN_SECONDS, TimeUnit.SECONDS)).isTrue();
            assertThat(folder.resolve("the data/.kafka_cleanshutdown")).exists();
        }
        Process killed = start();
        killed.destroyForcibly().waitFor();
        assertThat(folder.resolve("the data/.kafka_cleanshutdown")).doesNotExist();

        Process again = start();
        again.destroy();
        again.waitFor();
    }

    @Test
    void aBrokerThatDoesNotEndInTimeIsLeftToEndByItself() throws Exception {
        Process broker = start();
        await().atMost(Duration.ofSeconds(DONE_WITHIN_SECONDS))
                .until(() -> Files.exists(folder.resolve("logs/broker.pid")));
        signal("STOP", broker.pid());

        Map<String, String> hasty =
                Map.of("BROKER_LOG_DIR", folder.resolve("logs").toString(), "BROKER_STOP_WAIT_SECONDS", "1");
        Scripts.Result late = new Scripts(folder, hasty).run(Scripts.BIN.resolve("broker-stop.sh"));

        assertThat(late.status()).isEqualTo(1);
        assertThat(late.output())
                .contains("process " + broker.pid() + ", has not ended within 1 s")
                .contains("kill -9 " + broker.pid());
        signal("CONT", broker.pid());
        assertThat(broker.waitFor(DONE_WITHIN_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(folder.resolve("the data/.kafka_cleanshutdown")).exists();
    }

    @Test
    void whatCannotBeStartedIsOneLineAndStatusOne() throws Exception {
        assertRefused("Unknown option --nonsense", "--nonsense");
        assertRefused("There is no configuration file none.properties", "none.properties");
        assertRefused("num.io.threads", "my broker.properties", "--override", "num.io.threads=many");
        assertRefused(
                "does not do what these settings ask for, and does not start as if it did: principal.builder.class",
                "my broker.properties",
                "--override",
                "principal.builder.class=org.example.Builder");
        assertRefused("KRaft mode", "my broker.properties", "--override", "process.roles=broker");
        Process broker = start();
        assertRefused(
                "A broker runs already with logs in " + folder.resolve("logs") + ", process " + broker.pid(),
                "my broker.properties");
        scripts = new Scripts(folder, Map.of("LOG_DIR", "other logs", "BROKER_HEAP_OPTS", "-Xmx256m"));
        assertRefused(
                "Cannot listen on PLAINTEXT://127.0.0.1:" + port + ": port " + port + " is in use on 127.0.0.1",
                "my broker.properties",
                "--override",
                "log.dirs=other");
        assertRefused("the data", "my broker.properties", "--override", "listeners=PLAINTEXT://127.0.0.1:0");
        assertThat(folder.resolve("other logs/broker.log0"))
                .content()
                .contains("The broker cannot start: Cannot listen");
        assertThat(folder.resolve("logs/broker.pid")).hasContent(Long.toString(broker.pid()));
        broker.destroy();
        broker.waitFor();
    }

    private void signal(String name, long pid) throws Exception {
        scripts.run(Path.of("/bin/sh"), "-c", "kill -" + name + " " + pid);
    }

    @Test
    void logsThatCannotBeWrittenAreOneLineAndNothingOfAnEarlierRun() throws Exception {
        Files.createFile(folder.resolve("a file"));
        scripts = new Scripts(folder, Map.of("BROKER_LOG_DIR", "a file"));
        assertRefused(
                "There can be no folder a file for logs; BROKER_LOG_DIR says where they go", "my broker.properties");

        Files.createDirectories(folder.resolve("old/broker.out"));
        scripts = new Scripts(folder, Map.of("BROKER_LOG_DIR", "old"));
        assertRefused("old/broker.out cannot be written", "-daemon", "my broker.properties");
    }

    @Test
    void aDaemonThatCannotServeSaysWhy() throws Exception {
        Scripts.Result refused = scripts.run(Scripts.BIN.resolve("broker-start.sh"), "-daemon", "--nonsense");

        assertThat(refused.status()).isEqualTo(1);
        assertThat(refused.output())
                .contains("Unknown option --nonsense")
                .contains(folder.resolve("logs").toString());
    }

    private void assertRefused(String reason, String... arguments) throws Exception {
        Scripts.Result refused = scripts.run(Scripts.BIN.resolve("broker-start.sh"), arguments);

        assertThat(refused.status()).as(refused.output()).isEqualTo(1);
        assertThat(refused.output()).contains(reason);
        assertThat(refused.output().strip().lines()).hasSize(1);
    }

    /** Starts a broker whose process is the script's, and waits until it serves. */
    private Process start() throws IOException {
        Process broker = scripts.command(Scripts.BIN.resolve("broker-start.sh"), "my broker.properties")
                .start();
        String line = broker.inputReader(UTF_8).readLine();
        assertThat(line).contains("serves PLAINTEXT://127.0.0.1:" + port);
        return broker;
    }

    private void send() throws Exception {
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", "127.0.0.1:" + port), new StringSerializer(), new StringSerializer())) {
            producer.send(new ProducerRecord<>("topic", "value")).get();
        }
    }
}
