package io.odradek.server.junit;

import io.odradek.server.embedded.EmbeddedBrokers;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which brokers the tests have that run now and share an extension: in the thread of a class or a test, and in those that it
 * starts, the ones of that test, whatever runs beside it. JUnit enters and leaves in one thread, and what it runs between, too.
 */
final class BrokersAtHand {
    /** A class or a test between its first moment and its last. */
    private static final class Scope {
        final EmbeddedBrokers brokers;
        final Scope around;
        volatile boolean over;

        Scope(EmbeddedBrokers brokers, Scope around) {
            this.brokers = brokers;
            this.around = around;
        }
    }

    private final Map<String, Scope> entered = new ConcurrentHashMap<>();
    private final InheritableThreadLocal<Scope> here = new InheritableThreadLocal<>();

    /** Begins a class or a test. */
    void enter(String id, EmbeddedBrokers brokers) {
        Scope scope = new Scope(brokers, here.get());
        here.set(scope);
        entered.put(id, scope);
    }

    /** Ends it, if it was begun. */
    void leave(String id) {
        Scope scope = entered.remove(id);
        if (scope != null) {
            scope.over = true;
            here.set(scope.around);
        }
    }

    /**
     * {@return the broker, or the cluster, of what runs here}
     *
     * @throws IllegalStateException if there is none, or it cannot be told which
     */
    EmbeddedBrokers here() {
        for (Scope scope = here.get(); scope != null; scope = scope.around) {
            if (!scope.over) {
                return scope.brokers;
            }
        }
        List<EmbeddedBrokers> running =
                entered.values().stream().map(scope -> scope.brokers).distinct().toList();
        if (running.size() == 1) {
            return running.get(0);
        }
        throw new IllegalStateException(
                running.isEmpty()
                        ? "There is no broker: no test of this extension's runs now"
                        : "Tests that share this extension run in parallel, each with a broker of its own, and this thread is of"
                                + " none of them: ask for the broker in the test's thread, or let all share one with"
                                + " life(BrokerLife.RUN)");
    }
}
