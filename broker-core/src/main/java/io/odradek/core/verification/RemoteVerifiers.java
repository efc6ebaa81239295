package io.odradek.core.verification;

import io.odradek.core.brokers.BrokerLines;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The ways to the coordinators of the other brokers of a cluster. For any thread. */
public final class RemoteVerifiers {
    private final BrokerLines lines;
    private final Map<Integer, RemoteVerifier> verifiers = new ConcurrentHashMap<>();

    /** @param lines to the other brokers */
    public RemoteVerifiers(BrokerLines lines) {
        this.lines = lines;
    }

    /** {@return the way to the coordinator of a broker} */
    public TransactionVerifier of(int brokerId) {
        return verifiers.computeIfAbsent(brokerId, id -> new RemoteVerifier(lines.to(id)));
    }
}
