package io.odradek.server.clients;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** A group member in a process of its own, so that it can die without a word. */
final class DyingMember implements AutoCloseable {
    private final Process process;

    private DyingMember(Process process) {
        this.process = process;
    }

    static DyingMember start(String bootstrapServers, String group, String topic) throws IOException {
        return new DyingMember(new ProcessBuilder(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-cp",
                        System.getProperty("java.class.path"),
                        DyingMember.class.getName(),
                        bootstrapServers,
                        group,
                        topic)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start());
    }

    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    public static void main(String[] arguments) {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers",
                arguments[0],
                "group.id",
                arguments[1],
                "session.timeout.ms",
                6_000,
                "heartbeat.interval.ms",
                300,
                "enable.auto.commit",
                false);
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            consumer.subscribe(List.of(arguments[2]));
            while (true) {
                consumer.poll(Duration.ofMillis(100));
            }
        }
    }
}
