package io.odradek.core.markers;

import io.odradek.core.partition.LeaderLog;
import io.odradek.core.partition.Partition;
import io.odradek.core.partition.TestBroker;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.record.BatchBuilder;
import io.odradek.protocol.record.ControlRecord;
import io.odradek.storage.log.AppendOrigin;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** A broker with real partitions, and the markers that are written to them. */
final class MarkersBed {
    static final long PRODUCER = 7;
    static final TopicPartition T0 = new TopicPartition("t", 0);
    static final int TIMEOUT_MS = 5_000;

    final TestBroker broker = new TestBroker(2);
    final List<ErrorCode> outcomes = new ArrayList<>();
    final List<TopicPartition> keptByCoordinator = new ArrayList<>();
    int served;
    boolean unwanted;
    final MarkerWriter writer = new MarkerWriter(
            broker.owners,
            (id, marker, settled, done) -> {
                if (!id.topic().equals("__consumer_offsets")) {
                    return false;
                }
                keptByCoordinator.add(id);
                settled.accept(ErrorCode.COORDINATOR_LOAD_IN_PROGRESS);
                done.run();
                return true;
            },
            broker.world.clock(),
            TIMEOUT_MS);

    /** Writes a record in a transaction. */
    void produce(Partition partition, int epoch, int sequence) {
        ByteBuffer batch = new BatchBuilder(1_000)
                .producer(PRODUCER, (short) epoch, sequence)
                .transactional()
                .append(0, null, ByteBuffer.allocate(3))
                .build();
        LeaderLog.append(partition, batch, (short) 1, broker.world.clock().wallMs(), AppendOrigin.CLIENT);
        partition.announceChanges();
        broker.world.runUntilIdle();
    }

    static TransactionMarker marker(ControlRecord.Type type, int epoch, int coordinatorEpoch) {
        return new TransactionMarker(PRODUCER, (short) epoch, new ControlRecord(type, coordinatorEpoch), false);
    }

    /** {@return the end of a transaction v2, which was in the epoch before} */
    static TransactionMarker raising(ControlRecord.Type type, int epoch, int coordinatorEpoch) {
        return new TransactionMarker(PRODUCER, (short) epoch, new ControlRecord(type, coordinatorEpoch), true);
    }

    void write(TopicPartition id, TransactionMarker marker) {
        writer.write(id, marker, new MarkerWriter.Order() {
            @Override
            public boolean isUnwanted() {
                return unwanted;
            }

            @Override
            public void served() {
                served++;
            }

            @Override
            public void ended(ErrorCode outcome) {
                outcomes.add(outcome);
            }
        });
        broker.world.runUntilIdle();
    }
}
