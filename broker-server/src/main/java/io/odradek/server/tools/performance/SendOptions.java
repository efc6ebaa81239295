package io.odradek.server.tools.performance;

import io.odradek.server.tools.Connection;
import io.odradek.server.tools.KeyValues;
import io.odradek.server.tools.UsageException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import picocli.CommandLine.Option;

/** The options that say with which settings a producer sends which records. */
final class SendOptions {
    private static final long DEFAULT_TRANSACTION_MS = 3_000;

    @Option(names = "--record-size", paramLabel = "BYTES", description = "send random letters, so many in each record")
    private Integer recordBytes;

    @Option(
            names = "--payload-file",
            paramLabel = "FILE",
            description = "send the lines of a file in UTF-8, one at random in each record")
    private String file;

    @Option(
            names = "--payload-delimiter",
            paramLabel = "REGEX",
            defaultValue = "\\n",
            description = "what is between what is sent of that file (default: the end of a line)")
    private String delimiter;

    @Option(names = "--payload-monotonic", description = "send the numbers from 0 on")
    private boolean numbers;

    @Option(
            names = {"--command-property", "--producer-props"},
            paramLabel = "KEY=VALUE",
            arity = "1..*",
            description = "any settings of the producer; they come before those of a file")
    private List<String> properties = new ArrayList<>();

    @Option(names = "--producer.config", paramLabel = "FILE", description = "the same as --command-config")
    private String settingsFile;

    @Option(
            names = "--transactional-id",
            paramLabel = "ID",
            description = "send in transactions, by this name (default: a new one, if there is a duration)")
    private String transactionalId;

    @Option(
            names = "--transaction-duration-ms",
            paramLabel = "MS",
            description = "send in transactions that take so long (default: 3000, if there is a name)")
    private Long transactionMs;

    void check() {
        UsageException.unlessOne(
                "--record-size, --payload-file and --payload-monotonic", recordBytes != null, file != null, numbers);
        UsageException.when(recordBytes != null && recordBytes < 0, "The --record-size must be at least 0");
        UsageException.when(
                transactionMs != null && transactionMs < 0, "The --transaction-duration-ms must be at least 0");
    }

    /** {@return the settings of the producer} @param connection where the brokers are */
    Map<String, Object> settings(Connection connection) {
        Map<String, Object> settings = connection.ownSettings(settingsFile, KeyValues.of(properties));
        settings.putIfAbsent("client.id", "perf-producer-client");
        if (transactionalId != null) {
            settings.put("transactional.id", transactionalId);
        } else if (transactionMs != null && transactionMs > 0) {
            settings.putIfAbsent("transactional.id", "performance-producer-" + UUID.randomUUID());
        }
        return settings;
    }

    /** {@return how long transactions are, in milliseconds; 0 for none} @param settings of the producer */
    long transactionMs(Map<String, Object> settings) {
        return !settings.containsKey("transactional.id")
                ? 0
                : transactionMs == null || transactionMs == 0 ? DEFAULT_TRANSACTION_MS : transactionMs;
    }

    /** {@return what is sent} @param report is told of what is read for it */
    Payloads payloads(SendReport report) {
        return numbers
                ? Payloads.numbers()
                : file != null ? Payloads.pieces(file, delimiter, report) : Payloads.letters(recordBytes);
    }
}
