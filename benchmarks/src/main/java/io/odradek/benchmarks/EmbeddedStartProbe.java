package io.odradek.benchmarks;

import io.odradek.server.embedded.EmbeddedBroker;
import java.util.concurrent.ExecutionException;

/**
 * Measures what an embedded broker costs a test, in a JVM that has seen neither it nor a client: milliseconds from the call
 * of {@link EmbeddedBroker#start} until it returns, until a first record is acknowledged, until it is consumed, of the close,
 * and of a second broker's start and close. One measurement a JVM; {@code embedded-start.sh} takes many.
 */
public final class EmbeddedStartProbe {
    private static final String TOPIC = "first";

    private EmbeddedStartProbe() {}

    /** Arguments: {@code group} to consume as the member of a group rather than from an assigned partition. */
    public static void main(String[] arguments) throws InterruptedException, ExecutionException {
        boolean group = arguments.length > 0 && arguments[0].equals("group");
        long startNs = System.nanoTime();
        EmbeddedBroker broker = EmbeddedBroker.start();
        long startedMs = millisSince(startNs);
        FirstRecord.write(broker.bootstrapServers(), TOPIC);
        long producedMs = millisSince(startNs);
        FirstRecord.read(broker.bootstrapServers(), TOPIC, group);
        long consumedMs = millisSince(startNs);
        long closeNs = System.nanoTime();
        broker.close();
        long closeMs = millisSince(closeNs);
        long secondNs = System.nanoTime();
        EmbeddedBroker second = EmbeddedBroker.start();
        long secondMs = millisSince(secondNs);
        long secondCloseNs = System.nanoTime();
        second.close();
        System.out.println(startedMs + " " + producedMs + " " + consumedMs + " " + closeMs + " " + secondMs + " "
                + millisSince(secondCloseNs));
        System.out.flush();
        Runtime.getRuntime().halt(0);
    }

    private static long millisSince(long startNs) {
        return (System.nanoTime() - startNs) / 1_000_000;
    }
}
