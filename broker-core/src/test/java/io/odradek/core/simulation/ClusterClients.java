package io.odradek.core.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What the clients of a run have in common: what they were promised, and what went wrong. */
final class ClusterClients {
    private final ClusterLedger records = new ClusterLedger();
    private final TransactionLedger transactions = new TransactionLedger();
    private final GroupLedger groups = new GroupLedger();
    private final List<ClusterClient> clients = new ArrayList<>();
    private final Map<Long, String> producerIds = new TreeMap<>();
    private Error failure;
    private boolean held;

    ClusterLedger records() {
        return records;
    }

    TransactionLedger transactions() {
        return transactions;
    }

    GroupLedger groups() {
        return groups;
    }

    List<ClusterClient> all() {
        return clients;
    }

    /** Lets nobody write, or all again. */
    void hold(boolean newHeld) {
        held = newHeld;
    }

    boolean isHeld() {
        return held;
    }

    /** No two producers are ever given one id. */
    void producerIdGiven(long producerId, String producer) {
        String other = producerIds.put(producerId, producer);
        Violation.unless(other == null, "Both %s and %s are given producer id %d", other, producer, producerId);
    }

    /** The run fails, once the task has ended that found out. */
    void failed(Error found) {
        if (failure == null) {
            failure = found;
        }
    }

    void throwFailure() {
        if (failure != null) {
            throw failure;
        }
    }
}
