package io.odradek.server.junit;

import io.odradek.server.embedded.EmbeddedBroker;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A broker in a store of JUnit's, which closes it when its scope is over. Before 5.13 it closes only what is of its own type. */
@SuppressWarnings("deprecation")
record HeldBroker(EmbeddedBroker broker) implements ExtensionContext.Store.CloseableResource, AutoCloseable {
    static HeldBroker start(BrokerPlan plan) {
        EmbeddedBroker broker = plan.builder().start();
        broker.errorsAnswered();
        return new HeldBroker(broker);
    }

    @Override
    public void close() {
        broker.close();
    }
}
