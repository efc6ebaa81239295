package io.odradek.server.tools.console;

import io.odradek.server.tools.Failures;
import io.odradek.server.tools.Terminal;
import io.odradek.server.tools.ToolException;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.MessageFormatter;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;

/** Prints what a consumer gets until there has been enough, nothing comes any more, or nobody reads it. */
final class RecordPrinter {
    private final Consumer<byte[], byte[]> consumer;
    private final MessageFormatter formatter;
    private final Terminal terminal;
    private final boolean skipsErrors;
    private Iterator<ConsumerRecord<byte[], byte[]>> rest = Collections.emptyIterator();
    private long printed;
    private boolean isRead = true;

    RecordPrinter(
            Consumer<byte[], byte[]> consumer, MessageFormatter formatter, Terminal terminal, boolean skipsErrors) {
        this.consumer = consumer;
        this.formatter = formatter;
        this.terminal = terminal;
        this.skipsErrors = skipsErrors;
    }

    /**
     * Prints.
     *
     * @param maxRecords how many at most
     * @param patienceMs how long it waits for the next one
     * @throws ToolException if a record cannot be printed
     */
    void print(long maxRecords, long patienceMs) {
        long lastNanos = System.nanoTime();
        while (printed < maxRecords && isRead) {
            try {
                rest = consumer.poll(Duration.ofMillis(patienceMs)).iterator();
            } catch (WakeupException interrupted) {
                return;
            }
            if (rest.hasNext()) {
                printRest(maxRecords);
                lastNanos = System.nanoTime();
            } else if (TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - lastNanos) >= patienceMs) {
                return;
            }
        }
    }

    private void printRest(long maxRecords) {
        while (printed < maxRecords && rest.hasNext()) {
            ConsumerRecord<byte[], byte[]> record = rest.next();
            printed++;
            try {
                formatter.writeTo(record, terminal.out());
            } catch (RuntimeException unprintable) {
                String line = "The record " + record.topic() + "-" + record.partition() + " at offset "
                        + record.offset() + " cannot be printed: " + Failures.line(unprintable, null);
                if (!skipsErrors) {
                    throw new ToolException(line, unprintable);
                }
                terminal.note(line);
            }
        }
        isRead = !terminal.out().checkError();
    }

    /** Goes back to the first records that have not been printed, so that they are not committed. */
    void leaveRest() {
        Map<TopicPartition, Long> first = new HashMap<>();
        while (rest.hasNext()) {
            ConsumerRecord<byte[], byte[]> record = rest.next();
            first.putIfAbsent(new TopicPartition(record.topic(), record.partition()), record.offset());
        }
        first.keySet().retainAll(consumer.assignment());
        first.forEach(consumer::seek);
    }

    /** {@return how many records there were} */
    long printed() {
        return printed;
    }

    /** {@return whether somebody still reads what is printed} */
    boolean isRead() {
        return isRead;
    }
}
