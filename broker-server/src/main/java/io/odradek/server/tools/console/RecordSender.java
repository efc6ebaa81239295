package io.odradek.server.tools.console;

import io.odradek.server.tools.Connection;
import io.odradek.server.tools.Failures;
import io.odradek.server.tools.Terminal;
import io.odradek.server.tools.ToolException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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

    /**
     * Waits until the topic is known, which a broker may make at this moment.
     *
     * @param patience how long at most; the client's own patience may end before
     * @throws ToolException if it is not there
     */
    void find(String topic, Duration patience) throws ExecutionException, InterruptedException {
        FutureTask<Void> found = new FutureTask<>(() -> {
            producer.partitionsFor(topic);
            return null;
        });
        Thread asking = new Thread(found, "find-topic");
        asking.setDaemon(true);
        asking.start();
        try {
            found.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            throw absent(topic, late);
        } catch (ExecutionException failure) {
            if (Failures.cause(failure) instanceof org.apache.kafka.common.errors.TimeoutException late) {
                throw absent(topic, late);
            }
            throw failure;
        }
    }

    private ToolException absent(String topic, Exception cause) {
        return new ToolException(
                "There is no topic \"" + topic + "\" at " + connection.servers()
                        + ", and none is made when it is written to: broker-topics.sh --create --topic " + topic
                        + " makes it",
                cause);
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
        terminal.err().println("Line " + lineNumber + " has not been sent: " + reason);
    }

    /** {@return whether all that was to be sent has been so far} */
    boolean isClean() {
        return failed.get() == 0;
    }
}
