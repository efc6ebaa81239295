package io.odradek.server.tools.transactions;

import io.odradek.server.tools.Answers;
import io.odradek.server.tools.ToolException;
import io.odradek.server.tools.UsageException;
import org.apache.kafka.clients.admin.AbortTransactionSpec;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.common.TopicPartition;

/** Ends transactions whose producers do not. */
record TransactionEnd(Admin admin) {
    /**
     * Whose transaction it is, as brokers before 3.0 have to be told.
     *
     * @param id of the producer
     * @param epoch of the producer
     * @param coordinatorEpoch the newest that the partition knows
     */
    record Owner(Long id, Short epoch, Integer coordinatorEpoch) {}

    /**
     * Has a partition end a transaction, as an aborted one.
     *
     * @param startOffset of its first record; null if the owner is told
     * @throws ToolException if none begins there
     */
    void abort(TopicPartition partition, Long startOffset, Owner owner) throws Exception {
        UsageException.when(
                startOffset == null && owner.id() == null,
                "Say which transaction: with --start-offset, or, for brokers before 3.0, with --producer-id,"
                        + " --producer-epoch and --coordinator-epoch");
        UsageException.when(startOffset == null && owner.epoch() == null, "Give the --producer-epoch, too");
        UsageException.when(
                startOffset == null && owner.coordinatorEpoch() == null, "Give the --coordinator-epoch, too");
        Owner found = startOffset == null ? owner : owner(partition, startOffset);
        // Where nothing has been ended yet, partitions show -1; 0 is as old as any.
        Answers.of(admin.abortTransaction(new AbortTransactionSpec(
                        partition, found.id(), found.epoch(), Math.max(0, found.coordinatorEpoch())))
                .all());
    }

    private Owner owner(TopicPartition partition, long startOffset) throws Exception {
        for (ProducerState each : new Producers(admin).of(partition, null)) {
            if (each.currentTransactionStartOffset().isPresent()
                    && each.currentTransactionStartOffset().getAsLong() == startOffset) {
                return new Owner(
                        each.producerId(),
                        (short) each.producerEpoch(),
                        each.coordinatorEpoch().orElse(0));
            }
        }
        throw new ToolException("No open transaction begins at offset " + startOffset + " of " + partition);
    }

    /** Has a coordinator end a producer's transaction, and the producer stop. @throws ToolException if there is none */
    void force(String transactionalId) throws Exception {
        // A coordinator makes a producer of an id that it does not know.
        TransactionReport.described(admin, transactionalId);
        Answers.of(admin.forceTerminateTransaction(transactionalId).result());
    }
}
