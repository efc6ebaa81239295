package io.odradek.core.cluster;

import io.odradek.core.coordination.CoordinationException;
import io.odradek.core.coordination.CoordinationException.Reason;
import io.odradek.core.coordination.CoordinationHome;
import io.odradek.core.coordination.CoordinationSession;
import io.odradek.core.coordination.CoordinationStore;
import io.odradek.core.coordination.node.BrokerNode;
import io.odradek.storage.env.Clock;
import io.odradek.storage.env.EventLoop;
import io.odradek.storage.env.FewLines;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A broker's membership in its cluster: its session with the tree, its registration, and the terms that these make. A
 * session that expires ends the term first, for all who live by it; then a new one is opened, again and again until it is
 * had, the broker is registered, and a new term begins.
 *
 * <pre>
 *             session opened               join: registered
 *   Outside ──────────────────▶ Connected ──────────────────▶ Member
 *    ▲ │ └──── not opened ────┐   │                             │
 *    │ └─────────◀────────────┘   │                             │
 *    └──────── expired ───────────┴───── expired, term ends ────┤
 *                                                               │ leave: term ends
 *   from every state ── leave ──▶ Left ◀────────────────────────┘
 * </pre>
 *
 * The first session and the first registration are tried once: a broker that cannot have them does not start. Methods may be
 * called from any thread; stages complete on the cluster loop.
 */
public final class ClusterMembership {
    private static final Logger LOG = LoggerFactory.getLogger(ClusterMembership.class);
    private static final long FIRST_PAUSE_MS = 100;
    private static final long LAST_PAUSE_MS = 5_000;

    /** The epoch of a broker that is not registered. */
    public static final long NO_EPOCH = -1;

    private final CoordinationHome home;
    private final EventLoop loop;
    private final Clock clock;
    private final long registrationWaitMs;
    private final FewLines failures;
    private final TermStore store = new TermStore();
    private final CompletableFuture<Void> joined = new CompletableFuture<>();
    private State state = new State.Outside();
    private Identity identity;
    private long pauseMs = FIRST_PAUSE_MS;
    private volatile long brokerEpoch = NO_EPOCH;

    private sealed interface State {
        /** There is no session; one is being opened, or will be after a pause. */
        record Outside() implements State {}

        /** There is a session; the broker is not registered, or about to be. */
        record Connected(CoordinationSession session) implements State {}

        /** The broker is registered. */
        record Member(CoordinationSession session) implements State {}

        /** It has left for good. */
        record Left() implements State {}
    }

    /** Who joins, and who is told. */
    private record Identity(int brokerId, BrokerNode node, List<TermListener> listeners) {}

    /**
     * @param home where the tree lives
     * @param loop the cluster loop
     * @param registrationWaitMs how long the node of an earlier session of this broker may outlive its process
     */
    public ClusterMembership(CoordinationHome home, EventLoop loop, Clock clock, long registrationWaitMs) {
        this.home = home;
        this.loop = loop;
        this.clock = clock;
        this.registrationWaitMs = registrationWaitMs;
        this.failures = new FewLines(LOG, clock);
    }

    /**
     * {@return the tree, through whichever session there is} Between two sessions its calls fail with SESSION_EXPIRED; its
     * watches end with the session in which they were set.
     */
    public CoordinationStore store() {
        return store;
    }

    /** {@return the epoch of the registration that holds now, or {@link #NO_EPOCH}} */
    public long brokerEpoch() {
        return brokerEpoch;
    }

    /** Opens the first session. {@return fails with {@link java.io.IOException} and one line if the tree cannot be reached} */
    public CompletionStage<Void> open() {
        CompletableFuture<Void> opened = new CompletableFuture<>();
        loop.post(() -> openSession(opened));
        return opened;
    }

    /**
     * Registers the broker, now and with every session that follows. Call once, after {@link #open}.
     *
     * @param node what it says of itself; the time of the registration is put in
     * @param listeners are told of terms, in this order
     * @return completes when the first term has begun for all listeners; fails if it cannot, with {@link
     *     IllegalStateException} if the id is taken by a broker that is alive
     */
    public CompletionStage<Void> join(int brokerId, BrokerNode node, List<TermListener> listeners) {
        loop.post(() -> {
            identity = new Identity(brokerId, node, List.copyOf(listeners));
            if (state instanceof State.Connected connected) {
                register(connected.session());
            }
        });
        return joined;
    }

    /** Ends the term and the session, for good. {@return completes when nothing is told any more} */
    public CompletionStage<Void> leave() {
        CompletableFuture<Void> left = new CompletableFuture<>();
        loop.post(() -> {
            CoordinationSession last = session();
            endTerm(new State.Left(), () -> {
                if (last != null) {
                    last.close();
                }
                left.complete(null);
            });
        });
        return left;
    }

    private void openSession(CompletableFuture<Void> first) {
        home.openSession(loop).whenComplete((session, error) -> {
            if (state instanceof State.Left) {
                if (session != null) {
                    session.close();
                }
                first.completeExceptionally(
                        new CoordinationException(Reason.SESSION_EXPIRED, "/", "the broker leaves"));
            } else if (error == null) {
                pauseMs = FIRST_PAUSE_MS;
                connected(session);
                first.complete(null);
            } else if (!first.isDone()) {
                first.completeExceptionally(cause(error));
            } else {
                failures.error("There is no session with the cluster's tree yet: "
                        + cause(error).getMessage());
                afterAPause(() -> openSession(first));
            }
        });
    }

    private void connected(CoordinationSession session) {
        state = new State.Connected(session);
        store.use(session);
        session.onSessionExpired(() -> expired(session));
        if (identity != null) {
            register(session);
        }
    }

    private void expired(CoordinationSession session) {
        if (session() != session) {
            return;
        }
        LOG.warn("The session with the cluster's tree has expired; another one is opened");
        endTerm(new State.Outside(), () -> openSession(CompletableFuture.completedFuture(null)));
    }

    private void register(CoordinationSession session) {
        BrokerNode given = identity.node();
        BrokerNode node = new BrokerNode(given.endpoints(), given.securityProtocols(), given.rack(), clock.wallMs());
        new BrokerRegistration(session, loop, identity.brokerId(), node)
                .register(registrationWaitMs)
                .whenComplete((epoch, error) -> {
                    if (session() != session || CoordinationException.is(error, Reason.SESSION_EXPIRED)) {
                        return;
                    }
                    if (error == null) {
                        pauseMs = FIRST_PAUSE_MS;
                        beginTerm(session, epoch);
                    } else if (!joined.isDone()) {
                        joined.completeExceptionally(error);
                    } else {
                        failures.error("The broker is not registered yet: " + error.getMessage());
                        afterAPause(() -> {
                            if (session() == session) {
                                register(session);
                            }
                        });
                    }
                });
    }

    private void beginTerm(CoordinationSession session, long epoch) {
        state = new State.Member(session);
        brokerEpoch = epoch;
        if (!home.isOneBrokers()) {
            LOG.info("Broker {} is registered, in epoch {}", identity.brokerId(), epoch);
        }
        CompletionStage<Void> all = CompletableFuture.completedStage(null);
        for (TermListener listener : identity.listeners()) {
            all = all.thenCompose(before -> begin(listener, session, epoch));
        }
        all.thenRun(() -> {
            if (session() == session) {
                joined.complete(null);
            }
        });
    }

    /** One that cannot begin holds up none of the others, but for the first term, in which the broker does not start then. */
    private CompletionStage<Void> begin(TermListener listener, CoordinationSession session, long epoch) {
        if (session() != session) {
            return CompletableFuture.completedStage(null);
        }
        return listener.termBegan(session, epoch).exceptionally(error -> {
            if (session() == session && !CoordinationException.is(error, Reason.SESSION_EXPIRED)) {
                if (!joined.completeExceptionally(cause(error))) {
                    LOG.error("The broker has come back to its cluster, but not with all that it does", cause(error));
                }
            }
            return null;
        });
    }

    private void endTerm(State next, Runnable ended) {
        // Others may have seen a registration of which this broker has not learned yet, and have had it lead.
        List<TermListener> told = identity == null || session() == null ? List.of() : identity.listeners();
        state = next;
        brokerEpoch = NO_EPOCH;
        store.use(null);
        CompletionStage<Void> all = CompletableFuture.completedStage(null);
        for (TermListener listener : told) {
            all = all.thenCombine(listener.termEnded(), (before, done) -> null);
        }
        all.whenComplete((done, error) -> {
            if (error != null) {
                LOG.error("The end of the term was not good", cause(error));
            }
            loop.post(ended);
        });
    }

    private void afterAPause(Runnable task) {
        loop.schedule(pauseMs, () -> {
            if (!(state instanceof State.Left)) {
                task.run();
            }
        });
        pauseMs = Math.min(2 * pauseMs, LAST_PAUSE_MS);
    }

    private CoordinationSession session() {
        if (state instanceof State.Member member) {
            return member.session();
        }
        return state instanceof State.Connected connected ? connected.session() : null;
    }

    private static Throwable cause(Throwable error) {
        return error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
    }
}
