package io.odradek.server.tools.console;

import io.odradek.server.tools.UsageException;
import java.io.PrintStream;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.MessageFormatter;

/** The formatters there are, under the names that Kafka's tools have given them over the years. */
final class Formatters {
    private static final String KAFKA = "org.apache.kafka.tools.consumer.";

    private Formatters() {}

    /**
     * {@return the one of that name, configured}
     *
     * @param name a name of Kafka's, or a class that is there
     * @param settings its properties
     * @throws UsageException if there is none
     */
    static MessageFormatter named(String name, Map<String, String> settings) {
        MessageFormatter formatter = switch (name) {
            case "default", "kafka.tools.DefaultMessageFormatter", KAFKA + "DefaultMessageFormatter" ->
                new DefaultFormatter();
            case "kafka.tools.LoggingMessageFormatter", KAFKA + "LoggingMessageFormatter" -> new LoggingFormatter();
            case "kafka.tools.NoOpMessageFormatter", KAFKA + "NoOpMessageFormatter" -> new NoOutput();
            case "offsets",
                    "kafka.coordinator.group.GroupMetadataManager$OffsetsMessageFormatter",
                    KAFKA + "OffsetsMessageFormatter" -> new InternalFormatter(new GroupRecords(true));
            case "groups",
                    "kafka.coordinator.group.GroupMetadataManager$GroupMetadataMessageFormatter",
                    KAFKA + "GroupMetadataMessageFormatter" -> new InternalFormatter(new GroupRecords(false));
            case "transactions",
                    "kafka.coordinator.transaction.TransactionLog$TransactionLogMessageFormatter",
                    KAFKA + "TransactionLogMessageFormatter" -> new InternalFormatter(new TransactionRecords());
            default -> foreign(name);
        };
        formatter.configure(settings);
        return formatter;
    }

    private static MessageFormatter foreign(String name) {
        try {
            return newInstance(name, MessageFormatter.class);
        } catch (ReflectiveOperationException | ClassCastException | LinkageError absent) {
            throw new UsageException("There is no formatter " + name);
        }
    }

    /** {@return a new object of a class that has a constructor without parameters} */
    static <T> T newInstance(String className, Class<T> type) throws ReflectiveOperationException {
        return type.cast(Class.forName(className).getDeclaredConstructor().newInstance());
    }

    /** For those who want to know only how many there are, or how fast they come. */
    private static final class NoOutput implements MessageFormatter {
        @Override
        public void writeTo(ConsumerRecord<byte[], byte[]> record, PrintStream out) {
            // Nothing.
        }
    }
}
