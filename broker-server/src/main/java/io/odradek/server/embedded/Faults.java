package io.odradek.server.embedded;

import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.server.Broker;
import io.odradek.server.BrokerHost;
import io.odradek.server.env.ThreadEventLoop;
import io.odradek.storage.env.Clock;
import io.odradek.storage.io.NioLogFileSystem;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/**
 * The faults of a broker, for tests of what clients do about them. Each is set by one line, strikes the requests of clients
 * that it says, and is undone by closing it, by {@link #reset} and when the broker, or its cluster, is closed; not by a restart:
 *
 * <pre>{@code
 * broker.faults().on(ApiKey.PRODUCE).topic("orders").times(1).closeAfter();
 * try (Fault outage = broker.faults().stopServing("orders", 0)) {
 *     ...
 *     outage.awaitStruck(Duration.ofSeconds(30));
 * }
 * }</pre>
 *
 * Requests of other brokers of a cluster are not struck, unless a fault names an API of theirs. Where several faults are about
 * a request, the one that was set first strikes. Thread-safe.
 */
public final class Faults {
    private final List<Fault> requestFaults = new CopyOnWriteArrayList<>();
    private final List<Fault> diskFaults = new CopyOnWriteArrayList<>();
    private final Clock clock;
    private final AnsweredErrors errors;
    private boolean watching;
    private Broker broker;
    private NioLogFileSystem disk;
    private DelayedRequests delayed;

    /** @param clock the broker's */
    Faults(Clock clock) {
        this.clock = clock;
        this.errors = new AnsweredErrors(clock);
    }

    /** Says whose faults these are, in its life that is now; those that are set go on in it. */
    synchronized void attach(Broker living, NioLogFileSystem itsDisk) {
        detach();
        broker = living;
        disk = itsDisk;
        disk.full(!diskFaults.isEmpty());
        if (watching || !requestFaults.isEmpty()) {
            standInFront();
        }
    }

    /** {@return whose next life these are set in before a client is served} @param itsDisk that of the life */
    BrokerHost inNextLife(Supplier<NioLogFileSystem> itsDisk) {
        return new BrokerHost() {
            @Override
            public void beforeServing(Broker starting) {
                attach(starting, itsDisk.get());
            }
        };
    }

    private void standInFront() {
        if (delayed == null) {
            delayed = new DelayedRequests(clock);
            broker.inFront(new FaultFront(broker, requestFaults, delayed, errors));
        }
    }

    /** The broker's life is over, or about to be. */
    synchronized void detach() {
        if (delayed != null) {
            broker.inFront(null);
            delayed.close();
            delayed = null;
        }
    }

    /** Adds the loop that sleeps by the broker's clock, if there is one. */
    synchronized void addSleepers(List<ThreadEventLoop> loops) {
        if (delayed != null && delayed.loop() != null) {
            loops.add(delayed.loop());
        }
    }

    /** {@return the last errors that clients were answered with, the newest first, from the first call of this on} */
    synchronized List<String> errorsAnswered() {
        if (!watching) {
            watching = true;
            errors.watch();
            standInFront();
        }
        return errors.lines();
    }

    /** Begins a fault of requests of these APIs. */
    public FaultBuilder on(ApiKey first, ApiKey... others) {
        return new FaultBuilder(EnumSet.of(first, others), this::set);
    }

    /** Begins a fault of any requests, those with which clients ask for versions and metadata among them. */
    public FaultBuilder onAny() {
        return new FaultBuilder(Set.of(), this::set);
    }

    /**
     * Stops serving a partition: who writes to it, reads from it, deletes of it or asks for its offsets, epochs or producers is
     * answered NOT_LEADER_OR_FOLLOWER, though this broker is named as its leader, as in the moments after it has lost it. What
     * else the same requests ask for is served. Of the brokers' own topics it stops the partition, not who coordinates by it.
     */
    public Fault stopServing(String topic, int partition) {
        return on(
                        ApiKey.PRODUCE,
                        ApiKey.FETCH,
                        ApiKey.LIST_OFFSETS,
                        ApiKey.OFFSET_FOR_LEADER_EPOCH,
                        ApiKey.DELETE_RECORDS,
                        ApiKey.DESCRIBE_PRODUCERS)
                .partition(topic, partition)
                .failWith(ErrorCode.NOT_LEADER_OR_FOLLOWER);
    }

    /**
     * Fills the broker's disk: what is there can be read and deleted, what is written is answered KAFKA_STORAGE_ERROR, which
     * producers try again. When it is undone the broker goes on by itself. It counts nothing.
     */
    public synchronized Fault fullDisk() {
        Fault[] itself = new Fault[1];
        itself[0] = new Fault("full disk", null, null, () -> emptied(itself[0]));
        diskFaults.add(itself[0]);
        disk.full(true);
        return itself[0];
    }

    private synchronized void emptied(Fault fault) {
        diskFaults.remove(fault);
        disk.full(!diskFaults.isEmpty());
    }

    private synchronized Fault set(FaultCondition condition, FaultAction action) {
        Fault[] itself = new Fault[1];
        itself[0] = new Fault(
                condition.describe() + ": " + action.describe(),
                condition,
                action,
                () -> requestFaults.remove(itself[0]));
        requestFaults.add(itself[0]);
        standInFront();
        return itself[0];
    }

    /** Undoes all faults. */
    public void reset() {
        requestFaults.forEach(Fault::close);
        diskFaults.forEach(Fault::close);
    }

    /** {@return the faults that are set, in the order in which they were} */
    public List<Fault> set() {
        List<Fault> all = new CopyOnWriteArrayList<>(requestFaults);
        all.addAll(diskFaults);
        return List.copyOf(all);
    }
}
