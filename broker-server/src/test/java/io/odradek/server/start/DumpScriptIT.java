package io.odradek.server.start;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.server.embedded.EmbeddedBroker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** {@code bin/broker-dump-log.sh}, as README tells to use it, on the distribution that this build has made. */
@DisabledOnOs(OS.WINDOWS)
class DumpScriptIT {
    private static final Path HOME = Path.of("").toAbsolutePath().resolve("..").normalize();
    private static final int DONE_WITHIN_SECONDS = 60;

    /** A blank in the name, on purpose. */
    @TempDir(factory = BlankInTheName.class)
    private Path folder;

    @Test
    void theCommandOfTheReadmeShowsWhatIsInTheFolderOfARunningBroker() throws Exception {
        String command = Files.readString(HOME.resolve("README.md"))
                .lines()
                .filter(line -> line.startsWith("bin/broker-dump-log.sh"))
                .findFirst()
                .orElseThrow();
        try (EmbeddedBroker broker =
                EmbeddedBroker.builder().logFolder(folder.resolve("the data")).start()) {
            send(broker);

            Result shown = run(command.replace(" data/", " '" + folder.resolve("the data") + "'/"), Map.of());

            assertThat(shown.status).as(shown.output).isZero();
            assertThat(shown.output)
                    .contains("baseOffset: 0 lastOffset: 0 count: 1")
                    .contains("isvalid: true")
                    .contains("key: k payload: looked at");
        }
    }

    @Test
    void itHelpsRefusesAndObeysTheHeapItIsGiven() throws Exception {
        Path linked = Files.createSymbolicLink(folder.resolve("linked"), HOME.resolve("bin"));
        Result help = run("'" + linked + "/broker-dump-log.sh' --help", Map.of());
        assertThat(help.status).as(help.output).isZero();
        assertThat(help.output).startsWith("Usage: broker-dump-log.sh").contains("Examples:");

        Result refused = run("bin/broker-dump-log.sh nothing.log", Map.of());
        assertThat(refused.status).isEqualTo(2);
        assertThat(refused.output.strip())
                .isEqualTo("There is no file or folder nothing.log (--help shows how it is used)");

        Result heap = run("bin/broker-dump-log.sh --help", Map.of("BROKER_HEAP_OPTS", "-Xmx1m -Xms2m"));
        assertThat(heap.status).isNotZero();
        assertThat(heap.output).contains("heap");
    }

    private static void send(EmbeddedBroker broker) throws Exception {
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.<String, Object>of("bootstrap.servers", broker.bootstrapServers()),
                new StringSerializer(),
                new StringSerializer())) {
            producer.send(new ProducerRecord<>("greetings", 0, "k", "looked at"))
                    .get();
        }
    }

    private Result run(String command, Map<String, String> environment) throws IOException, InterruptedException {
        Path output = Files.createTempFile(folder, "output", "");
        ProcessBuilder builder = new ProcessBuilder(List.of("/bin/sh", "-c", command))
                .directory(HOME.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().putAll(environment);
        Process process = builder.start();
        if (!process.waitFor(DONE_WITHIN_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
        return new Result(process.exitValue(), Files.readString(output, UTF_8));
    }

    private record Result(int status, String output) {}
}
