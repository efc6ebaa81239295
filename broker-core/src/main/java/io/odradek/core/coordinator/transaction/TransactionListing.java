package io.odradek.core.coordinator.transaction;

import io.odradek.protocol.errors.ErrorCode;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/** Gathers what ListTransactions asks of all shards, whose parts come on their own loops. */
final class TransactionListing {
    private final TransactionFilter filter;
    private final BiConsumer<ErrorCode, SortedMap<String, Transaction>> reply;
    private final SortedMap<String, Transaction> found = new TreeMap<>();
    private ErrorCode error = ErrorCode.NONE;
    private int missing;

    /** What one shard has. */
    record Part(ErrorCode error, SortedMap<String, Transaction> found) {
        static Part failed(ErrorCode error) {
            return new Part(error, new TreeMap<>());
        }
    }

    /** @param parts how many shards are asked */
    TransactionListing(
            int parts, TransactionFilter filter, BiConsumer<ErrorCode, SortedMap<String, Transaction>> reply) {
        this.missing = parts;
        this.filter = filter;
        this.reply = reply;
    }

    /** {@return what passes the filter} */
    Part part(SortedMap<String, Transaction> all, long nowMs) {
        SortedMap<String, Transaction> passed = new TreeMap<>();
        all.forEach((id, transaction) -> {
            if (filter.passes(transaction, nowMs)) {
                passed.put(id, transaction);
            }
        });
        return new Part(ErrorCode.NONE, passed);
    }

    /** Takes a part; the last one is answered with. */
    void add(Part part) {
        synchronized (this) {
            found.putAll(part.found());
            // A shard that has gone meanwhile is asked elsewhere.
            if (part.error() != ErrorCode.NONE && part.error() != ErrorCode.NOT_COORDINATOR) {
                error = part.error();
            }
            missing--;
            if (missing > 0) {
                return;
            }
        }
        reply.accept(error, error == ErrorCode.NONE ? found : new TreeMap<>());
    }
}
