package io.odradek.server.junit;

import io.odradek.server.embedded.EmbeddedBroker;
import io.odradek.server.embedded.EmbeddedBrokers;
import io.odradek.server.embedded.EmbeddedCluster;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A broker or a cluster in a store of JUnit's, which closes it when its scope is over. Before 5.13 it closes only what is of its
 * own type.
 *
 * @param brokers the broker, or the cluster
 * @param turn held by the one test that has it for itself
 */
@SuppressWarnings("deprecation")
record HeldBroker(EmbeddedBrokers brokers, ReentrantLock turn)
        implements ExtensionContext.Store.CloseableResource, AutoCloseable {
    static HeldBroker start(BrokerPlan plan) {
        EmbeddedBrokers brokers = plan.start().get();
        each(brokers).forEach(EmbeddedBroker::errorsAnswered);
        return new HeldBroker(brokers, new ReentrantLock(true));
    }

    /** {@return the broker, or those of the cluster that run} */
    static List<EmbeddedBroker> each(EmbeddedBrokers brokers) {
        return brokers instanceof EmbeddedCluster cluster
                ? cluster.up().stream().map(cluster::broker).toList()
                : List.of((EmbeddedBroker) brokers);
    }

    /**
     * The time in which a test has the broker for itself, until the test's store is closed.
     *
     * @param lock what others wait for, in this thread held
     */
    private record Turn(ReentrantLock lock) implements ExtensionContext.Store.CloseableResource, AutoCloseable {
        @Override
        public void close() {
            lock.unlock();
        }
    }

    /** Waits until no other test has the broker for itself, and keeps it so until that store is closed. */
    void takeTurn(ExtensionContext.Store ofTest) {
        turn.lock();
        // A test may have several: the key is its own.
        ofTest.put(turn, new Turn(turn));
    }

    @Override
    public void close() {
        brokers.close();
    }
}
