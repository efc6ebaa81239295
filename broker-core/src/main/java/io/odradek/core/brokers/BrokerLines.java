package io.odradek.core.brokers;

import io.odradek.core.metadata.MetadataSource;
import io.odradek.core.transport.BrokerClient;
import io.odradek.storage.env.Clock;
import io.odradek.storage.env.EventLoop;
import io.odradek.storage.env.FewLines;
import org.slf4j.LoggerFactory;

/**
 * The lines to the other brokers of a cluster for one purpose, wherever they listen.
 *
 * @param client the way to other brokers
 * @param metadata tells where they listen
 * @param listener how brokers reach each other
 * @param loop where the lines live
 * @param lines what is said in the log of brokers that do not answer
 */
public record BrokerLines(
        BrokerClient client, MetadataSource metadata, Listener listener, EventLoop loop, FewLines lines) {
    /**
     * How brokers reach each other.
     *
     * @param name the listener between brokers
     * @param clientId how this broker calls itself
     * @param timeoutMs how long an answer is waited for, {@code request.timeout.ms}
     */
    public record Listener(String name, String clientId, int timeoutMs) {}

    /** Lines whose troubles are logged now and then. */
    public static BrokerLines of(
            BrokerClient client, MetadataSource metadata, Listener listener, EventLoop loop, Clock clock) {
        return new BrokerLines(
                client, metadata, listener, loop, new FewLines(LoggerFactory.getLogger(BrokerLines.class), clock));
    }

    /** {@return a line to a broker} */
    public BrokerLine to(int brokerId) {
        return new BrokerLine(brokerId, this);
    }
}
