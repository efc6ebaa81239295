package io.odradek.core.simulation;

import io.odradek.protocol.TopicPartition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * What came of transactions, as far as clients know: from what their producers were told, and from what readers of committed
 * records were shown. What was committed is shown whole, of what was not nothing is shown, and nothing is copied twice.
 *
 * <pre>
 *   OPEN --asked to commit--> COMMITTING --told so, or shown--> COMMITTED
 *     |                           |
 *     | given up, or hidden       | refused, or hidden
 *     +---------------------------+------> ABORTED
 * </pre>
 */
final class TransactionLedger {
    private enum State {
        OPEN,
        COMMITTING,
        COMMITTED,
        ABORTED
    }

    /** One transaction of one producer. */
    static final class Transaction {
        private final String name;
        private final Map<TopicPartition, Copied> copied = new TreeMap<>();
        private State state = State.OPEN;
        private int values;
        private int shown;
        private long look;

        private Transaction(String name) {
            this.name = name;
        }

        private boolean movesTo(TopicPartition input, long position) {
            Copied part = copied.get(input);
            return part != null && part.to == position;
        }

        @Override
        public String toString() {
            return name + " (" + state + ")";
        }
    }

    /** The input between two positions, whose copies belong to a transaction. */
    private record Copied(long from, long to, Transaction by) {}

    /** Whose an epoch of a producer id is. */
    private record Epoch(long producerId, short epoch) {}

    private final Map<Long, Transaction> byValue = new HashMap<>();
    private final List<Transaction> all = new ArrayList<>();
    private final Map<Epoch, String> owners = new HashMap<>();
    private final Map<TopicPartition, NavigableMap<Long, Copied>> copied = new TreeMap<>();
    private long look;

    /** A producer was given an id and an epoch, which nobody else has or has had. */
    void given(long producerId, short epoch, String owner) {
        String other = owners.putIfAbsent(new Epoch(producerId, epoch), owner);
        Violation.unless(
                other == null || other.equals(owner),
                "Both %s and %s are given epoch %d of producer id %d",
                other,
                owner,
                epoch,
                producerId);
    }

    Transaction begin(String who) {
        Transaction begun = new Transaction(who + "#" + all.size());
        all.add(begun);
        return begun;
    }

    /** A record is to be written in a transaction. */
    void writes(Transaction transaction, long value) {
        byValue.put(value, transaction);
        transaction.values++;
    }

    /** What a transaction writes are copies of an input, from one position to another, which it moves its group to. */
    void copies(Transaction transaction, TopicPartition input, long from, long to) {
        transaction.copied.put(input, new Copied(from, to, transaction));
    }

    /** Its producer is about to ask that it be committed. */
    void committing(Transaction transaction) {
        if (transaction.state == State.OPEN) {
            transaction.state = State.COMMITTING;
        }
    }

    /** Its producer was told that it is committed. */
    void committed(Transaction transaction) {
        becomesCommitted(transaction, "its producer was told so");
    }

    /** Its producer was refused to commit it, or told that it is aborted. */
    void refused(Transaction transaction) {
        becomesAborted(transaction, "its producer was told so");
    }

    /** Its producer is no more: unless it had asked for it to be committed, it never is. */
    void givenUp(Transaction transaction) {
        if (transaction.state == State.OPEN) {
            transaction.state = State.ABORTED;
        }
    }

    /** A reader of committed records was given a record. */
    void shown(long value) {
        Transaction of = byValue.get(value);
        if (of != null) {
            becomesCommitted(of, "its record " + value + " was read");
        }
    }

    /** A reader of committed records was told to leave a record out. */
    void hidden(long value) {
        Transaction of = byValue.get(value);
        Violation.unless(of != null, "Record %d is hidden, which belongs to no transaction", value);
        becomesAborted(of, "its record " + value + " was left out");
    }

    private void becomesCommitted(Transaction transaction, String why) {
        Violation.unless(
                transaction.state == State.COMMITTING || transaction.state == State.COMMITTED,
                "Transaction %s is committed: %s",
                transaction,
                why);
        if (transaction.state == State.COMMITTING) {
            transaction.state = State.COMMITTED;
            transaction.copied.forEach(this::moveOn);
        }
    }

    private void becomesAborted(Transaction transaction, String why) {
        Violation.unless(transaction.state != State.COMMITTED, "Transaction %s is not committed: %s", transaction, why);
        transaction.state = State.ABORTED;
    }

    private void moveOn(TopicPartition input, Copied now) {
        NavigableMap<Long, Copied> others = copied.computeIfAbsent(input, any -> new TreeMap<>());
        Map.Entry<Long, Copied> before = others.lowerEntry(now.to);
        Violation.unless(
                before == null || before.getValue().to <= now.from,
                "%s has copied %s from %d to %d, of which %s has copied that from %d to %d",
                now.by,
                input,
                now.from,
                now.to,
                before == null ? null : before.getValue().by,
                before == null ? -1 : before.getKey(),
                before == null ? -1 : before.getValue().to);
        others.put(now.from, now);
    }

    /** {@return up to where an input was copied, as far as is known} */
    long copiedTo(TopicPartition input) {
        NavigableMap<Long, Copied> of = copied.get(input);
        return of == null ? 0 : of.lastEntry().getValue().to;
    }

    /**
     * A copier is told its group's position, when no transaction that may move it is open.
     *
     * @param least what was copied when it asked
     */
    void positionFound(TopicPartition input, long least, long position) {
        Violation.unless(
                position >= least,
                "The group's position in %s is %d, and it was copied up to %d",
                input,
                position,
                least);
        Violation.unless(
                position == 0
                        || all.stream().anyMatch(one -> one.state != State.ABORTED && one.movesTo(input, position)),
                "The group's position in %s is %d, to where no transaction has moved it",
                input,
                position);
    }

    /** Looks at everything anew that readers of committed records are shown, while nobody writes. */
    void lookAnew() {
        look++;
    }

    /** As {@link #shown}, in a look at everything. */
    void found(long value) {
        shown(value);
        Transaction of = byValue.get(value);
        if (of != null) {
            of.shown = of.look == look ? of.shown + 1 : 1;
            of.look = look;
        }
    }

    /** Everything was looked at: what was committed is there as a whole, and between the copied parts of the inputs is nothing. */
    void checkWhole() {
        for (Transaction one : all) {
            int shown = one.look == look ? one.shown : 0;
            Violation.unless(
                    one.state != State.COMMITTED || shown == one.values,
                    "Of the %d records of transaction %s %d are there",
                    one.values,
                    one,
                    shown);
            Violation.unless(
                    one.state != State.COMMITTING || one.values == 0, "Nobody knows what came of transaction %s", one);
        }
        copied.forEach((input, parts) -> {
            long next = 0;
            for (Copied part : parts.values()) {
                Violation.unless(
                        part.from == next,
                        "%s has copied %s from %d, and nobody that from %d",
                        part.by,
                        input,
                        part.from,
                        next);
                next = part.to;
            }
        });
    }

    /** {@return how many transactions were begun} */
    int begun() {
        return all.size();
    }

    /** {@return how many are known to be committed} */
    long committed() {
        return all.stream().filter(one -> one.state == State.COMMITTED).count();
    }
}
