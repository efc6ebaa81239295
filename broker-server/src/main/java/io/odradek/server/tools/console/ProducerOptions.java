package io.odradek.server.tools.console;

import io.odradek.server.tools.Connection;
import io.odradek.server.tools.KeyValues;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/** The options of the producer: those that stand for one of its settings, and any setting by its name. */
final class ProducerOptions {
    @Option(
            names = "--compression-codec",
            paramLabel = "CODEC",
            arity = "0..1",
            fallbackValue = "gzip",
            description = "none, gzip, snappy, lz4 or zstd; gzip if none is named (default: none)")
    private String codec;

    @Option(names = "--request-required-acks", paramLabel = "ACKS", description = "0, 1 or all (default: all)")
    private String acks;

    @Option(
            names = {"--max-partition-memory-bytes"},
            hidden = true)
    private Integer partitionMemoryBytes;

    @Option(names = "--batch-size", paramLabel = "BYTES", description = "of one batch at most (default: 16384)")
    private Integer batchBytes;

    @Option(
            names = "--timeout",
            paramLabel = "MS",
            description = "how long a record waits for others to go with it (default: 1000)")
    private Long lingerMs;

    @Option(names = "--message-send-max-retries", paramLabel = "N", description = "how often (default: 3)")
    private Integer retries;

    @Option(
            names = "--retry-backoff-ms",
            paramLabel = "MS",
            description = "how long it waits before it tries again (default: 100)")
    private Long retryBackoffMs;

    @Option(
            names = "--request-timeout-ms",
            paramLabel = "MS",
            description = "how long it waits for an answer (default: 10000)")
    private Integer requestTimeoutMs;

    @Option(
            names = "--max-block-ms",
            paramLabel = "MS",
            description =
                    "how long it waits for a topic, and for room to keep a record in (default: 60000, and 10000 for"
                            + " the topic)")
    private Long maxBlockMs;

    @Option(
            names = "--max-memory-bytes",
            paramLabel = "BYTES",
            description = "for records that are to be sent (default: 33554432)")
    private Long memoryBytes;

    @Option(
            names = "--metadata-expiry-ms",
            paramLabel = "MS",
            description = "how old what it knows of the cluster may become (default: 300000)")
    private Long metadataMaxAgeMs;

    @Option(names = "--socket-buffer-size", paramLabel = "BYTES", description = "of its connections (default: 102400)")
    private Integer socketBytes;

    @Option(
            names = {"--command-property", "--producer-property"},
            paramLabel = "KEY=VALUE",
            description = "any setting of the producer; may be given again")
    private List<String> properties = new ArrayList<>();

    @Option(names = "--producer.config", paramLabel = "FILE", description = "the same as --command-config")
    private String file;

    /** {@return the producer's settings} @param connection where the brokers are, and who can be asked for more settings */
    Map<String, Object> settings(Connection connection) {
        Map<String, Object> settings = file == null ? connection.settings() : connection.settings(file);
        settings.remove("default.api.timeout.ms");
        Object servers = settings.get("bootstrap.servers");
        settings.putAll(KeyValues.of(properties));
        settings.put("bootstrap.servers", servers);
        settings.putIfAbsent("client.id", "console-producer");
        merge(settings, "compression.type", codec, "none");
        merge(settings, "acks", acks, "-1");
        merge(settings, "batch.size", partitionMemoryBytes != null ? partitionMemoryBytes : batchBytes, 16_384);
        merge(settings, "linger.ms", lingerMs, 1_000);
        merge(settings, "retries", retries, 3);
        merge(settings, "retry.backoff.ms", retryBackoffMs, 100);
        merge(settings, "request.timeout.ms", requestTimeoutMs, null);
        merge(settings, "max.block.ms", maxBlockMs, null);
        merge(settings, "buffer.memory", memoryBytes, null);
        merge(settings, "metadata.max.age.ms", metadataMaxAgeMs, null);
        merge(settings, "send.buffer.bytes", socketBytes, 102_400);
        return settings;
    }

    /** {@return whether somebody has said how long a topic is to be waited for} */
    boolean saysMaxBlock() {
        return maxBlockMs != null;
    }

    /** An option comes before a setting by its name, and that before what holds otherwise. */
    private static void merge(Map<String, Object> settings, String name, Object given, Object otherwise) {
        if (given != null) {
            settings.put(name, given.toString());
        } else if (otherwise != null) {
            settings.putIfAbsent(name, otherwise.toString());
        }
    }
}
