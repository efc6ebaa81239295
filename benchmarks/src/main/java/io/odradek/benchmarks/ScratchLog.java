package io.odradek.benchmarks;

import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.wire.Uuid;
import io.odradek.server.env.SecureRandoms;
import io.odradek.server.env.SystemClock;
import io.odradek.storage.io.NioLogFileSystem;
import io.odradek.storage.log.Log;
import io.odradek.storage.log.LogConfig;
import io.odradek.storage.log.LogContext;
import io.odradek.storage.log.LogEvents;
import io.odradek.storage.log.LogOpening;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** A log in a temporary folder of the system, with nothing around it; the folder goes when it is closed. */
final class ScratchLog implements AutoCloseable {
    private final Path folder;
    private final Log log;

    /** @param topicSettings topic settings by their names */
    ScratchLog(Map<String, String> topicSettings) throws IOException {
        folder = Files.createTempDirectory("odradek-benchmark");
        LogContext context = new LogContext(
                new NioLogFileSystem(),
                new SystemClock(),
                new SecureRandoms(),
                LogEvents.IMMEDIATE,
                LogContext.ProducerLimits.standard());
        TopicPartition id = new TopicPartition("benchmark-topic", 0);
        log = Log.open(
                context,
                LogOpening.create(folder.resolve(id.toString()), id, new Uuid(1, 1)),
                LogConfig.of(Map.of(), topicSettings));
    }

    Log log() {
        return log;
    }

    @Override
    public void close() throws IOException {
        log.delete();
        Files.delete(folder);
    }
}
