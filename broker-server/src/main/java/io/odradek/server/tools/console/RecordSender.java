package io.odradek.server.tools.console;

import io.odradek.server.tools.Connection;
import io.odradek.server.tools.Failures;
import io.odradek.server.tools.Terminal;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Sends the records of lines, and tells of each that could not be sent, in a line. */
final class RecordSender {
    private final Producer<byte[], byte[]> producer;
    private final Connection connection;
    private final Terminal terminal;
    private final boolean oneAtATime;
    private final AtomicLong failed = new AtomicLong();

    RecordSender(Producer<byte[], byte[]> producer, Connection connection, Terminal terminal, boolean oneAtATime) {
        this.producer = producer;
        this.connection = connection;
        this.terminal = terminal;
        this.oneAtATime = oneAtATime;
    }

    /** Sends a record; one that fails is told of now or later. {@return whether to go on with the next} */
    boolean send(Line line, ProducerRecord<byte[], byte[]> sent) throws InterruptedException {
        if (!oneAtATime) {
            producer.send(sent, (metadata, failure) -> {
                if (failure != null) {
                    fail(line.number(), Failures.line(failure, connection));
                }
            });
            return true;
        }
        try {
            producer.send(sent).get();
            return true;
        } catch (ExecutionException failure) {
            fail(line.number(), Failures.line(failure, connection));
            return false;
        }
    }

    /** Tells that a line could not be sent. */
    void fail(long lineNumber, String reason) {
        failed.incrementAndGet();
        terminal.note("Line " + lineNumber + " has not been sent: " + reason);
    }

    /** {@return whether all that was to be sent has been so far} */
    boolean isClean() {
        return failed.get() == 0;
    }
}
