package io.odradek.core.coordinator.transaction;

import io.odradek.core.coordinator.runtime.CoordinatorRecord;
import io.odradek.core.memory.MemoryShare;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.errors.ErrorCode;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * What the log says of the transactional ids of one shard, by id; changed by the replay of records only. What they take of the
 * memory is counted. Lives on the shard's loop.
 */
final class StoredTransactions {
    private static final int ENTRY_BYTES = 320;
    private static final int PARTITION_BYTES = 96;

    private final TransactionServices services;
    private final TreeMap<String, Transaction> byId = new TreeMap<>();
    private long heldBytes;
    private Transaction appending;
    private boolean closed;

    StoredTransactions(TransactionServices services) {
        this.services = services;
    }

    /** {@return what is known of an id, null if nothing} */
    Transaction get(String transactionalId) {
        return byId.get(transactionalId);
    }

    /** {@return all ids with what is known of them, ascending, to be read only} */
    SortedMap<String, Transaction> all() {
        return Collections.unmodifiableSortedMap(byId);
    }

    /** {@return whether there is memory for what an id would grow by} */
    boolean hasRoomFor(String transactionalId, Transaction next) {
        MemoryShare memory = services.memory();
        long growth = heldBytes(transactionalId, next) - heldBytes(transactionalId, get(transactionalId));
        if (growth <= 0) {
            return true;
        }
        if (!memory.tryTake(growth)) {
            services.lines()
                    .warn("A transactional id may not grow: " + growth + " bytes more do not fit into the "
                            + memory.limitBytes() + " of " + memory.setting());
            return false;
        }
        memory.giveBack(growth);
        return true;
    }

    /** Appends what an id becomes; as {@link io.odradek.core.coordinator.runtime.ShardContext#append}. */
    void put(String transactionalId, Transaction next, Consumer<ErrorCode> settled) {
        CoordinatorRecord record = TransactionRecords.write(
                transactionalId, next, services.settings().transactionVersion());
        appending = next;
        try {
            services.context().append(List.of(record), settled);
        } finally {
            appending = null;
        }
    }

    /**
     * Applies a record. One that is being appended here says more than its bytes: the log does not keep by which request an
     * epoch was raised.
     */
    void replay(CoordinatorRecord record) {
        String id = TransactionRecords.readKey(record);
        Transaction next = appending == null ? TransactionRecords.readValue(record) : appending;
        appending = null;
        boolean forgotten = next == null || next.state() instanceof TransactionState.Dead;
        Transaction before = forgotten ? byId.remove(id) : byId.put(id, next);
        count(heldBytes(id, forgotten ? null : next) - heldBytes(id, before));
    }

    private void count(long bytes) {
        if (!closed) {
            heldBytes += bytes;
            services.memory().take(bytes);
        }
    }

    /** Gives the memory back: the term is over. */
    void close() {
        if (!closed) {
            closed = true;
            services.memory().giveBack(heldBytes);
        }
    }

    private static long heldBytes(String id, Transaction transaction) {
        if (transaction == null) {
            return 0;
        }
        long bytes = ENTRY_BYTES + (long) Character.BYTES * id.length();
        for (TopicPartition partition : transaction.state().partitions()) {
            bytes +=
                    PARTITION_BYTES + (long) Character.BYTES * partition.topic().length();
        }
        return bytes;
    }
}
