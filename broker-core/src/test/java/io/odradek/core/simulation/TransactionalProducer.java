package io.odradek.core.simulation;

import io.odradek.protocol.TopicPartition;
import java.util.List;

/** Writes to some partitions in each transaction, and commits or aborts it as it likes. */
final class TransactionalProducer extends TransactionalClient {
    private static final int LARGEST_BATCH = 3;
    private static final int MOST_BATCHES = 4;
    private static final int MOST_ROUNDS = 3;
    private static final int ABORTS_ONCE_IN = 4;

    private final List<TopicPartition> partitions;
    private int rounds;

    /** @param partitions where it writes, of topics that are never deleted */
    TransactionalProducer(
            String name,
            String transactionalId,
            ClusterWorld cluster,
            ClusterClients shared,
            List<TopicPartition> partitions) {
        super(name, transactionalId, cluster, shared);
        this.partitions = partitions;
    }

    @Override
    protected void idle() {
        begin();
        rounds = 1 + random.nextInt(MOST_ROUNDS);
        writeSome();
        pause();
    }

    private void writeSome() {
        for (int i = random.nextInt(MOST_BATCHES); i >= 0; i--) {
            write(partitions.get(random.nextInt(partitions.size())), 1 + random.nextInt(LARGEST_BATCH));
        }
        rounds--;
    }

    @Override
    protected void written() {
        if (rounds > 0 && !shared.isHeld()) {
            writeSome();
        } else {
            end(random.nextInt(ABORTS_ONCE_IN) > 0);
        }
        pause();
    }
}
