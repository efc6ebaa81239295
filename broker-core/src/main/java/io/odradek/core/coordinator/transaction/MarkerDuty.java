package io.odradek.core.coordinator.transaction;

import io.odradek.core.coordinator.transaction.TransactionMarkers.Writing;
import io.odradek.core.coordinator.transaction.TransactionState.Prepare;
import io.odradek.protocol.errors.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * Sees to it that each transaction whose outcome is stored ends in all its partitions, and is then stored as complete. In
 * memory only: a coordinator that has taken over, or a shard that has lost track of an id, begins anew with what is stored.
 *
 * <pre>
 *   PREPARE is appended --committed--> markers on their way --all written--> COMPLETE is appended
 *                                             |                                |       ^
 *                                             | a later coordinator was there  | refused, and tried again
 *                                             v                                +-------+
 *                                   left to that one
 * </pre>
 *
 * No marker leaves before the outcome is committed: it could be another one in the end.
 */
final class MarkerDuty {
    private static final long RETRY_MS = 100;
    private static final Writing NOTHING = () -> {};

    private final TransactionServices services;
    private final StoredTransactions stored;
    private final TreeMap<String, InHand> inHand = new TreeMap<>();

    /** One transaction, until it is complete. */
    private static final class InHand {
        private final String id;
        private Writing writing = NOTHING;

        InHand(String id) {
            this.id = id;
        }
    }

    MarkerDuty(TransactionServices services, StoredTransactions stored) {
        this.services = services;
        this.stored = stored;
    }

    /** Takes an id in hand if its outcome is in the log, committed or not. */
    void begin(String id) {
        InHand taken = take(id);
        if (taken != null) {
            writeOnceCommitted(taken);
        }
    }

    /** As {@link #begin}, for an id of which something has been committed. */
    void committed(String id, Transaction transaction) {
        if (stored.get(id) != transaction) {
            begin(id);
            return;
        }
        InHand taken = take(id);
        if (taken != null) {
            write(taken);
        }
    }

    /** {@return null if there is nothing to be done for an id, or it is being done} */
    private InHand take(String id) {
        if (prepared(id) == null || inHand.containsKey(id)) {
            return null;
        }
        InHand taken = new InHand(id);
        inHand.put(id, taken);
        return taken;
    }

    private Transaction prepared(String id) {
        Transaction transaction = stored.get(id);
        return transaction != null && transaction.state() instanceof Prepare ? transaction : null;
    }

    private boolean isInHand(InHand one) {
        return inHand.get(one.id) == one;
    }

    /** However long that takes. */
    private void writeOnceCommitted(InHand one) {
        services.context().append(List.of(), error -> {
            if (!isInHand(one)) {
                return;
            }
            if (error == ErrorCode.NONE) {
                write(one);
            } else {
                services.context().schedule(RETRY_MS, () -> {
                    if (isInHand(one)) {
                        writeOnceCommitted(one);
                    }
                });
            }
        });
    }

    private void write(InHand one) {
        Transaction transaction = stored.get(one.id);
        Prepare prepare = (Prepare) transaction.state();
        if (prepare.partitions().isEmpty()) {
            complete(one);
            return;
        }
        EndedTransaction ended = new EndedTransaction(
                transaction.producer().id(),
                transaction.producer().epoch(),
                prepare.outcome(),
                prepare.partitions(),
                services.context().leaderEpoch(),
                transaction.clientVersion());
        one.writing = services.markers().write(ended, error -> services.loop().post(one.id, () -> written(one, error)));
    }

    private void written(InHand one, ErrorCode error) {
        if (!isInHand(one)) {
            return;
        }
        if (error == ErrorCode.NONE) {
            complete(one);
        } else {
            // Whoever is coordinator now has the same outcome in its log. The id stays in hand, so that this broker
            // does not
            // write again before it is elected anew.
            services.lines().warn("The end of a transaction is left to a later coordinator: " + error);
        }
    }

    private void complete(InHand one) {
        stored.put(one.id, Ending.completed(stored.get(one.id), services.nowMs()), error -> {
            // Appended, it is committed sooner or later, or this term ends and the next one begins anew.
        });
        if (prepared(one.id) == null) {
            inHand.remove(one.id);
        } else {
            services.context().schedule(RETRY_MS, () -> {
                if (isInHand(one)) {
                    complete(one);
                }
            });
        }
    }

    /** The log is replayed: takes all ids in hand whose outcome is stored. */
    void activate() {
        for (String id : new ArrayList<>(stored.all().keySet())) {
            if (prepared(id) != null) {
                services.context().on(id, () -> begin(id));
            }
        }
    }

    /** Begins anew with one id. */
    void reset(String id) {
        InHand before = inHand.remove(id);
        if (before != null) {
            before.writing.stop();
        }
        begin(id);
    }

    /** Lets go of everything. */
    void close() {
        inHand.values().forEach(one -> one.writing.stop());
        inHand.clear();
    }
}
