package io.odradek.server.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.server.embedded.EmbeddedBroker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * librdkafka as it is built into today's clients of C, Python, Go, .NET and JavaScript: the system's kcat and Python module
 * on top of version 2.12. From 2.1 on it leaves three bytes behind a Metadata request for all topics.
 */
@Timeout(600)
class CurrentLibrdkafkaTest {
    private static final Duration LIMIT = Duration.ofSeconds(120);
    private static final int RECORDS = 10_000;

    private EmbeddedBroker broker;
    private Path librdkafka;

    @BeforeEach
    void start() throws Exception {
        librdkafka = ForeignTool.currentLibrdkafka();
        broker = EmbeddedBroker.start();
    }

    @AfterEach
    void stop() {
        if (broker != null) {
            broker.close();
        }
    }

    @Test
    void kcatListsAllTopics() throws Exception {
        kcat("one record\n", "-P", "-t", "first");
        kcat("one record\n", "-P", "-t", "second");
        assertThat(kcat("", "-L").output())
                .contains("topic \"first\" with 1 partitions", "topic \"second\" with 1 partitions");
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "gzip", "snappy", "lz4", "zstd"})
    void kcatProducesAndConsumes(String codec) throws Exception {
        String lines =
                IntStream.range(0, RECORDS).mapToObj(i -> "line " + i + "\n").collect(Collectors.joining());
        kcat(lines, "-P", "-t", "lines", "-z", codec, "-X", "enable.idempotence=true");
        assertThat(kcat("", "-C", "-t", "lines", "-o", "beginning", "-e", "-q").output())
                .isEqualTo(lines);
    }

    @Test
    void anIdempotentProducerAndAGroupMemberTakePart() throws Exception {
        assertRoundTrip("confluent-kafka-round-trip.py");
    }

    @Test
    void aGroupSubscribesByPattern() throws Exception {
        assertRoundTrip("confluent-kafka-pattern.py");
    }

    private void assertRoundTrip(String script) throws Exception {
        String python = ForeignTool.pythonWith("confluent_kafka", "python3-confluent-kafka");
        Finished version =
                run("", python, "-c", "import confluent_kafka; print(confluent_kafka.libversion()[0].split('-')[0])");
        assertThat(version.output()).isEqualTo("2.12.0\n");
        Finished finished = run(
                "",
                python,
                "src/test/clients/" + script,
                broker.bootstrapServers(),
                "from-librdkafka",
                Integer.toString(RECORDS));
        assertThat(finished.output()).as(finished.errors()).isEqualTo("ok " + RECORDS + "\n");
    }

    private Finished kcat(String input, String... arguments) throws Exception {
        String kcat = ForeignTool.command("kcat", "kcat");
        assertThat(run("", kcat, "-V").output()).contains("librdkafka 2.12");
        String[] command = new String[arguments.length + 3];
        command[0] = kcat;
        command[1] = "-b";
        command[2] = broker.bootstrapServers();
        System.arraycopy(arguments, 0, command, 3, arguments.length);
        Finished finished = run(input, command);
        assertThat(finished.status()).as(finished.errors()).isZero();
        return finished;
    }

    private Finished run(String input, String... command) throws Exception {
        ProcessBuilder process = new ProcessBuilder(command);
        process.environment().put("LD_LIBRARY_PATH", librdkafka.toString());
        return Finished.run(process, input, LIMIT);
    }
}
