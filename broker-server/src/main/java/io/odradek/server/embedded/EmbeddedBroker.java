package io.odradek.server.embedded;

import io.odradek.core.metadata.MetadataImage;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.ApiRequest;
import io.odradek.protocol.api.ApiResponse;
import io.odradek.server.Broker;
import io.odradek.server.BrokerHost;
import io.odradek.server.env.MovableClock;
import io.odradek.server.env.ThreadEventLoop;
import io.odradek.server.inspect.BrokerAccess;
import io.odradek.storage.env.Meters;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A broker inside this JVM, for tests: the engine of production on a free port of 127.0.0.1 with its logs in a temporary
 * folder. When {@link #start} returns it answers; when {@link #close} returns it has left no thread and no file behind. It
 * sets no system property and nothing static, and never ends the JVM. Any number of them may run side by side.
 *
 * <pre>{@code
 * try (EmbeddedBroker broker = EmbeddedBroker.builder().topic("orders", 3).start()) {
 *     broker.produce("orders", "key", "value");
 *     ...
 *     broker.awaitRecords("invoices", 1, Duration.ofSeconds(10));
 * }
 * }</pre>
 */
public final class EmbeddedBroker extends EmbeddedBrokers {
    /** Settings of an embedded broker that are not those of production. */
    static final Map<String, String> DEFAULTS = Map.of(
            "num.network.threads", "1",
            "num.io.threads", "2",
            "offsets.topic.num.partitions", "3",
            "offsets.topic.replication.factor", "1",
            "transaction.state.log.num.partitions", "3",
            "transaction.state.log.replication.factor", "1",
            "transaction.state.log.min.isr", "1",
            "group.initial.rebalance.delay.ms", "0",
            "log.cleaner.dedupe.buffer.size", "2097152");

    /** The setting behind {@link Builder#clampReplication}. */
    static final String CLAMP_REPLICATION = "odradek.create.topics.clamp.replicas";

    private final OwnLives lives;
    private final ClusterSlot slot;
    private final AtomicReference<IOException> failure;
    private final MovableClock clock;
    private final List<TopicSpec> topics;
    private Faults faults;
    private volatile Broker broker;
    private volatile OpenQuestions questions;
    private volatile boolean closed;

    /** One that is alone. */
    private EmbeddedBroker(OwnLives lives, List<TopicSpec> topics) throws IOException {
        this.lives = lives;
        this.slot = null;
        this.failure = lives.failure();
        this.clock = lives.clock();
        this.topics = topics;
        this.broker = lives.start(BrokerHost.NONE);
    }

    /** One in a cluster, in one life. */
    EmbeddedBroker(ClusterSlot slot, Broker broker, AtomicReference<IOException> failure, MovableClock clock) {
        this.lives = null;
        this.slot = slot;
        this.failure = failure;
        this.clock = clock;
        this.topics = List.of();
        this.broker = broker;
    }

    /** Starts a broker with the default settings of an embedded one; returns when it serves. */
    public static EmbeddedBroker start() {
        return builder().start();
    }

    /** {@return what a broker is made with} */
    public static Builder builder() {
        return new Builder();
    }

    /** {@return what to give a client as {@code bootstrap.servers}; with several listeners, that of the first by name} */
    @Override
    public String bootstrapServers() {
        return broker.advertised().values().iterator().next().hostAndPort();
    }

    /**
     * {@return what to give a client that comes by one of several listeners, such as {@code PLAINTEXT}}
     *
     * @throws IllegalArgumentException if there is no listener of that name; the message names those that there are
     */
    public String bootstrapServers(String listener) {
        MetadataImage.Endpoint endpoint = broker.advertised().get(listener);
        if (endpoint == null) {
            throw new IllegalArgumentException("There is no listener " + listener + ", only "
                    + broker.advertised().keySet());
        }
        return endpoint.hostAndPort();
    }

    /** {@return the folder its logs are in} */
    public Path logFolder() {
        return broker.logFolders().get(0);
    }

    /**
     * {@return why the broker can do nothing any more: what failed in the last of its log folders}
     *
     * <p>It answers clients with errors from then on, KAFKA_STORAGE_ERROR for the most part; it is still to be closed.
     */
    public Optional<IOException> failure() {
        return Optional.ofNullable(failure.get());
    }

    /**
     * Sets the broker's clock forward, as if it had stood still for a client's eyes while so much time passed: retention, the
     * deletion of files, the time-outs of sessions and transactions, the expiry of offsets and whatever else the broker does by
     * the clock is done, in the order of time, when this returns. What clients send meanwhile is
     * served after it. They do not hear of it, and their clocks stay as they are:
     *
     * <ul>
     *   <li>Members of a group have sent no heartbeat in that time. By more than their {@code session.timeout.ms} they are out
     *       of it; they notice with their next heartbeat or poll, lose their partitions, and join again, with the positions
     *       that are committed.
     *   <li>A transaction that is open for longer than its {@code transaction.timeout.ms} is aborted, and its producer cannot
     *       commit it any more.
     *   <li>Connections over which nothing went for {@code connections.max.idle.ms} are closed; clients connect again.
     *   <li>Requests that wait at the broker are answered as when their time is over: a fetch with nothing, for instance.
     *   <li>Producers go on to stamp their records with the time of the system, which the broker then takes for old. Give them
     *       the time of {@link #clock}, or the topic {@code message.timestamp.type=LogAppendTime}.
     * </ul>
     *
     * @throws IllegalArgumentException if it is negative, as time does not go back, or if it is more than 200 years in all
     */
    public void advance(Duration duration) {
        long ns = forward(duration);
        if (slot != null) {
            slot.cluster().walk(ns);
            return;
        }
        whileClientsWait(() -> {
            new TimeWalk(clock, this::sleepers).by(ns);
            broker.lookAtClock();
        });
    }

    @Override
    void whileClientsWait(Runnable task) {
        if (slot != null) {
            slot.cluster().whileClientsWait(task);
            return;
        }
        synchronized (this) {
            if (closed) {
                throw new IllegalStateException(this + " is closed");
            }
            StillClients still = StillClients.of(broker);
            try {
                task.run();
            } finally {
                still.letGo();
            }
        }
    }

    /** {@return nanoseconds, more than a clock goes for what is too long} @throws IllegalArgumentException if it is negative */
    static long forward(Duration duration) {
        if (duration.isNegative()) {
            throw new IllegalArgumentException("A broker's clock goes forward only, not by " + duration);
        }
        return duration.compareTo(MovableClock.FURTHEST) > 0 ? Long.MAX_VALUE : duration.toNanos();
    }

    /** {@return the loops that sleep by the clock} */
    private synchronized List<ThreadEventLoop> sleepers() {
        List<ThreadEventLoop> loops = broker.sleepers();
        if (faults != null) {
            faults.addSleepers(loops);
        }
        return loops;
    }

    /** {@return the faults of this broker, to be set and undone: by their handles, by {@link #reset} and when it is closed} */
    public synchronized Faults faults() {
        if (slot != null) {
            return slot.faults();
        }
        if (faults == null) {
            faults = new Faults(clock);
            faults.attach(broker, lives.disk());
        }
        return faults;
    }

    /**
     * {@return the last errors that clients were answered with, the newest first, each as a line that says when, by which API
     * and whom}
     *
     * <p>They are kept from the first call of this on.
     */
    public List<String> errorsAnswered() {
        return faults().errorsAnswered();
    }

    /** {@return the broker's clock, which {@link #advance} moves; in UTC} */
    public Clock clock() {
        return BrokerClock.of(clock);
    }

    /** {@return where it may be looked at in a browser, in the order of the setting {@code admin.listeners}} */
    public List<URI> adminAddresses() {
        return broker.adminAddresses();
    }

    /** {@return how many times logs were forced because something appended was to be acknowledged} */
    long forcesBeforeAcknowledgement() {
        return broker.forcesBeforeAcknowledgement();
    }

    /**
     * Stops the broker in good order and starts it again with the data, the port and the clock that it had, also in a temporary
     * folder; returns when it serves. Clients that live on find it again. Faults stay as they are.
     *
     * @throws UncheckedIOException if the port or the folder cannot be had again; then the broker is to be closed
     */
    public synchronized void restart() {
        if (slot != null) {
            slot.cluster().restart(slot.id());
            return;
        }
        if (closed) {
            throw new IllegalStateException(this + " is closed");
        }
        try {
            lives.stop(broker);
            endQuestions();
            broker = lives.startAgain(faults == null ? BrokerHost.NONE : faults.inNextLife(lives::disk));
            questions = new OpenQuestions();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed.getMessage(), failed);
        }
    }

    /** As in {@link EmbeddedBrokers#close}; in a cluster, as {@link EmbeddedCluster#stop}, if it is up. */
    @Override
    public void close() {
        if (slot != null) {
            slot.cluster().stopIfUp(slot.id());
        } else {
            end();
        }
    }

    private synchronized void end() {
        closed = true;
        try {
            if (faults != null) {
                faults.reset();
                faults.detach();
            }
            broker.close();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } finally {
            endQuestions();
            lives.removeTraces();
        }
    }

    private void endQuestions() {
        if (questions != null) {
            questions.end();
        }
    }

    @Override
    BrokerGuard guard() {
        return slot == null ? lives.guard() : slot.cluster().guard();
    }

    @Override
    BrokerAccess access() {
        return slot == null ? ownAccess() : slot.cluster().access();
    }

    private synchronized BrokerAccess ownAccess() {
        if (questions == null) {
            questions = new OpenQuestions();
        }
        return CurrentBroker.of(this);
    }

    @Override
    boolean isOpen() {
        return slot == null ? !closed : slot.cluster().isOpen();
    }

    @Override
    Collection<TopicSpec> declaredTopics() {
        return slot == null ? topics : slot.cluster().declaredTopics();
    }

    @Override
    int usualReplicas() {
        return slot == null ? -1 : slot.cluster().usualReplicas();
    }

    @Override
    long nowMs() {
        return clock.wallMs();
    }

    @Override
    void undoFaults() {
        if (slot != null) {
            slot.cluster().undoFaults();
            return;
        }
        synchronized (this) {
            if (faults != null) {
                faults.reset();
            }
        }
    }

    /** {@return which broker it is} */
    @Override
    public String toString() {
        return "The broker at " + bootstrapServers();
    }

    /** The broker, whichever life it is in. */
    private record CurrentBroker(EmbeddedBroker lives) implements BrokerAccess {
        /** The interface is the result's type, so that a start need not look whether this class has it. */
        static BrokerAccess of(EmbeddedBroker broker) {
            return new CurrentBroker(broker);
        }

        @Override
        public MetadataImage image() {
            return lives.broker.metadata();
        }

        @Override
        public SortedSet<Integer> ids() {
            return new TreeSet<>(List.of(lives.broker.brokerId()));
        }

        @Override
        public CompletionStage<ApiResponse> ask(int brokerId, ApiKey api, int version, ApiRequest request) {
            return lives.questions.ask(lives.broker, api, version, request);
        }
    }

    /** What an embedded broker is made with. */
    public static final class Builder extends EmbeddedBuilder<Builder> {
        private Path logFolder;
        private int port;
        private Meters meters = Meters.NONE;

        private Builder() {
            super(-1);
        }

        /** Keeps the logs in this folder, which stays when the broker is closed. */
        public Builder logFolder(Path folder) {
            logFolder = folder;
            return this;
        }

        /** Listens on this port of 127.0.0.1 rather than on a free one. For other listeners, set {@code listeners}. */
        public Builder port(int number) {
            port = number;
            return this;
        }

        /**
         * Has the broker count what it does, and show it until it is closed; otherwise nothing is counted.
         *
         * @param kept such as {@link io.odradek.server.metrics.MicrometerMeters}; for one broker at a time
         */
        public Builder meters(Meters kept) {
            meters = kept;
            return this;
        }

        @Override
        Builder self() {
            return this;
        }

        /**
         * Starts a broker; returns when it serves. May be called again, for another one.
         *
         * @throws io.odradek.core.config.ConfigException if a setting is not allowed
         * @throws IllegalStateException if settings and {@link #tls}, {@link #sasl} or {@link #acls} exclude each other
         * @throws UncheckedIOException if the port or the folder cannot be had
         */
        public EmbeddedBroker start() {
            HeadStart headStart = HeadStart.begin();
            Map<String, String> all = allSettings();
            Path temporary = null;
            BrokerGuard guard = null;
            try {
                if (logFolder != null) {
                    all.put("log.dirs", logFolder.toString());
                } else if (!all.containsKey("log.dirs") && !all.containsKey("log.dir")) {
                    temporary = TemporaryFolder.create();
                    all.put("log.dirs", temporary.toString());
                }
                guard = guard(all, port, false);
                all.putIfAbsent("listeners", "PLAINTEXT://127.0.0.1:" + port);
                OwnLives lives = new OwnLives(all, temporary, headStart, guard, clock(), meters);
                EmbeddedBroker broker = new EmbeddedBroker(lives, topics());
                return topics().isEmpty() ? broker : withTopics(broker);
            } catch (IOException | RuntimeException failure) {
                headStart.close();
                TemporaryFolder.remove(temporary);
                if (guard != null) {
                    guard.close();
                }
                if (failure instanceof RuntimeException asItIs) {
                    throw asItIs;
                }
                throw new UncheckedIOException(failure.getMessage(), (IOException) failure);
            }
        }

        private static EmbeddedBroker withTopics(EmbeddedBroker broker) {
            try {
                broker.createDeclaredTopics();
                return broker;
            } catch (RuntimeException failure) {
                broker.close();
                throw failure;
            }
        }
    }
}
