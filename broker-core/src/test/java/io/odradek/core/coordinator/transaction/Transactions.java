package io.odradek.core.coordinator.transaction;

import io.odradek.core.coordinator.transaction.TransactionState.Complete;
import io.odradek.core.coordinator.transaction.TransactionState.Empty;
import io.odradek.core.coordinator.transaction.TransactionState.Ongoing;
import io.odradek.core.coordinator.transaction.TransactionState.Prepare;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.errors.ErrorCode;
import java.util.Arrays;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/** Transactions for tests: producer 10, begun at 500, changed at 700, time-out 1,000. */
final class Transactions {
    static final long ID = 10;
    static final long NEW_ID = 77;
    static final int TIMEOUT_MS = 1_000;
    static final long START_MS = 500;
    static final long CHANGED_MS = 700;
    static final long NOW_MS = 900;
    static final short V1 = Transaction.FIRST_VERSION;
    static final short V2 = Transaction.EPOCH_EACH;
    static final short NONE = Producer.NO_EPOCH;
    static final SortedSet<TopicPartition> WRITTEN = partitions("t-1", "t-2");

    private Transactions() {}

    static SortedSet<TopicPartition> partitions(String... names) {
        SortedSet<TopicPartition> partitions = new TreeSet<>();
        for (String name : names) {
            int dash = name.lastIndexOf('-');
            partitions.add(new TopicPartition(name.substring(0, dash), Integer.parseInt(name.substring(dash + 1))));
        }
        return partitions;
    }

    static Transaction at(int epoch, int lastEpoch, TransactionState state) {
        return at(epoch, lastEpoch, state, V1);
    }

    static Transaction at(int epoch, int lastEpoch, TransactionState state, short clientVersion) {
        Producer producer = new Producer(ID, (short) epoch, (short) lastEpoch, ID, Producer.NO_ID);
        return new Transaction(producer, TIMEOUT_MS, state, CHANGED_MS, clientVersion);
    }

    static Empty empty() {
        return new Empty();
    }

    static Ongoing ongoing() {
        return new Ongoing(WRITTEN, START_MS);
    }

    static Prepare prepared(Outcome outcome) {
        return new Prepare(outcome, WRITTEN, START_MS);
    }

    static Complete complete(Outcome outcome) {
        return new Complete(outcome, START_MS);
    }

    /** {@return a state of each kind that is stored} */
    static List<TransactionState> stored() {
        return Arrays.asList(
                empty(),
                ongoing(),
                prepared(Outcome.COMMIT),
                prepared(Outcome.ABORT),
                complete(Outcome.COMMIT),
                complete(Outcome.ABORT));
    }

    static Decision refused(ErrorCode error) {
        return Decision.refuse(error);
    }

    static Verdict goOnAs(long producerId, int epoch) {
        return new Verdict(ErrorCode.NONE, producerId, (short) epoch);
    }
}
