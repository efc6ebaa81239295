package io.odradek.core.replication;

import io.odradek.core.quota.ReplicationThrottle;
import io.odradek.core.replication.Appends.Done;
import io.odradek.core.replication.Appends.Work;
import io.odradek.core.replication.FetcherSession.Wanted;
import io.odradek.core.transport.BrokerAnswer;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.FetchResponse;
import io.odradek.protocol.api.FetchResponse.FetchableTopicResponse;
import io.odradek.protocol.api.FetchResponse.PartitionData;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.wire.Uuid;
import io.odradek.storage.env.Clock;
import io.odradek.storage.env.EventLoop;
import io.odradek.storage.env.FewLines;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies partitions from one leader: one request at a time, the next when the owners have done with the answer to the last.
 * Belongs to its loop.
 *
 * <pre>
 *   idle --some partition is fetching--> asked --answer--> appending --all owners are done--> idle
 *    |  ^                                  |
 *    |  +-- after a while, at most --------+  no answer
 *    |      replica.fetch.backoff.ms
 *    |      (and again after a tenth of a second, where all are held back for now)
 *    +----- some partition is lost ---> asking where the leader's log begins and ends --> idle
 * </pre>
 */
final class ReplicaFetcher {
    private static final Logger LOG = LoggerFactory.getLogger(ReplicaFetcher.class);
    private static final int FETCH_VERSION = 17;

    /** How soon what has been held back is looked at again, where nothing else is copied. */
    private static final int HELD_BACK_MS = 100;

    private final LeaderLink link;
    private final Appends appends;
    private final EventLoop loop;
    private final Clock clock;
    private final FetcherSettings settings;
    private final ReplicationThrottle throttle;
    private final LongSupplier brokerEpoch;
    private final Lags lags;
    private final FetcherSession session;
    private final LeaderBounds bounds;
    private final FewLines failures;
    private final SortedMap<TopicPartition, Copy> copies = new TreeMap<>();
    private EventLoop.Timeout wakeUp;
    private boolean busy;
    private boolean stepping;
    /** Whether something that the leader has told is not taken over here: it would not be told again in this session. */
    private boolean sessionIsStale;

    private boolean closed;

    /**
     * @param link the way to the leader
     * @param appends has the owners do their part
     * @param loop where it lives
     * @param brokerEpoch the life of this broker, -1 while it has none
     * @param lags is told how far it is
     */
    ReplicaFetcher(
            LeaderLink link,
            Appends appends,
            EventLoop loop,
            Clock clock,
            Rules rules,
            LongSupplier brokerEpoch,
            Lags lags) {
        this.link = link;
        this.appends = appends;
        this.loop = loop;
        this.clock = clock;
        this.settings = rules.settings();
        this.throttle = rules.throttle();
        this.brokerEpoch = brokerEpoch;
        this.lags = lags;
        this.session = new FetcherSession(settings);
        this.bounds = new LeaderBounds(link, settings.brokerId());
        this.failures = new FewLines(LOG, clock);
    }

    /** @param throttle how much is taken of throttled replicas */
    record Rules(FetcherSettings settings, ReplicationThrottle throttle) {}

    /** @param fetcher its name */
    record Lags(FetcherLags all, String fetcher) {}

    /** Copies a partition, from now on and instead of what was said of it before. */
    void add(Copy copy) {
        copies.put(copy.id(), copy);
        lags.all().begin(copy.id(), lags.fetcher());
        // What the leader is about to tell of it is dropped.
        sessionIsStale |= busy;
        stepSoon();
    }

    /** Copies a partition no more. */
    void remove(TopicPartition id) {
        copies.remove(id);
        lags.all().end(id);
    }

    boolean isEmpty() {
        return copies.isEmpty();
    }

    /** Ends; what is under way is given up. */
    void close() {
        closed = true;
        copies.keySet().forEach(lags.all()::end);
        copies.clear();
        link.close();
    }

    private long nowMs() {
        return clock.monotonicNs() / 1_000_000;
    }

    private void step() {
        if (busy || closed) {
            return;
        }
        if (wakeUp != null) {
            wakeUp.cancel();
            wakeUp = null;
        }
        long nowMs = nowMs();
        long nextMs = Long.MAX_VALUE;
        List<Copy> lost = new ArrayList<>();
        SortedMap<TopicPartition, Copy> fetching = new TreeMap<>();
        for (Copy copy : copies.values()) {
            copy.become(copy.state().at(nowMs));
            if (copy.state() instanceof FetcherState.Delayed delayed) {
                nextMs = Math.min(nextMs, delayed.untilMs());
            } else if (copy.state() instanceof FetcherState.Lost) {
                lost.add(copy);
            } else if (copy.state().isFetching() && isHeldBack(copy)) {
                nextMs = Math.min(nextMs, nowMs + HELD_BACK_MS);
            } else if (copy.state().isFetching()) {
                fetching.put(copy.id(), copy);
            }
        }
        if (!lost.isEmpty()) {
            busy = true;
            bounds.find(lost, found -> react(found, null), this::unreachable);
        } else if (!fetching.isEmpty()) {
            busy = true;
            fetch(fetching);
        } else if (nextMs != Long.MAX_VALUE) {
            wakeUp = loop.schedule(nextMs - nowMs, this::step);
        }
    }

    /** As with Kafka: whoever has all that is committed is asked for more however much that is. */
    private boolean isHeldBack(Copy copy) {
        return throttle.isBounded() && !copy.isCaughtUp() && throttle.holdsBack(copy.id());
    }

    private void fetch(SortedMap<TopicPartition, Copy> fetching) {
        if (sessionIsStale) {
            sessionIsStale = false;
            session.lost();
        }
        SortedMap<TopicPartition, Wanted> wanted = new TreeMap<>();
        fetching.forEach((id, copy) -> wanted.put(id, copy.wanted()));
        link.send(ApiKey.FETCH, FETCH_VERSION, session.next(wanted, brokerEpoch.getAsLong()))
                .whenComplete((answer, failure) -> {
                    if (failure != null) {
                        unreachable(failure);
                    } else {
                        fetched(fetching, answer);
                    }
                });
    }

    private void unreachable(Throwable failure) {
        session.lost();
        if (!closed) {
            failures.warn("Partitions cannot be copied: " + failure.getMessage());
            wait(copies.values());
        }
        goOn();
    }

    private void wait(Iterable<Copy> waiting) {
        for (Copy copy : waiting) {
            if (copy.state().isFetching() || copy.state() instanceof FetcherState.Lost) {
                copy.delay(nowMs(), settings.timing().backoffMs());
            }
        }
    }

    private void goOn() {
        busy = false;
        stepSoon();
    }

    /** Together with whatever else is about to be said. */
    private void stepSoon() {
        if (!busy && !stepping) {
            stepping = true;
            loop.post(() -> {
                stepping = false;
                step();
            });
        }
    }

    private void fetched(SortedMap<TopicPartition, Copy> asked, BrokerAnswer answer) {
        FetchResponse response = (FetchResponse) answer.response();
        if (!session.answered(response)) {
            answer.close();
            if (response.errorCode() != ErrorCode.FETCH_SESSION_ID_NOT_FOUND
                    && response.errorCode() != ErrorCode.INVALID_FETCH_SESSION_EPOCH) {
                failures.warn("The leader refuses a fetch: " + response.errorCode());
                wait(asked.values());
            }
            goOn();
            return;
        }
        Map<Uuid, String> topics = new HashMap<>();
        asked.values().forEach(copy -> topics.put(copy.topicId(), copy.id().topic()));
        List<Work> reactions = new ArrayList<>();
        for (FetchableTopicResponse topic : response.responses()) {
            String name = topics.get(topic.topicId());
            for (PartitionData data : topic.partitions()) {
                Copy copy = name == null ? null : asked.get(new TopicPartition(name, data.partitionIndex()));
                if (copy != null) {
                    lags.all().committed(copy.id(), data.highWatermark());
                    copy.heard(data.highWatermark());
                    throttle.passed(copy.id(), data.records().sizeBytes());
                    reactions.add(Work.of(copy, Reaction.toFetch(data)));
                }
            }
        }
        react(reactions, answer);
    }

    /** Does what answers call for, in the logs or here. @param answer holds the records, null if there are none */
    private void react(List<Work> reactions, BrokerAnswer answer) {
        List<Work> toLogs = new ArrayList<>(reactions.size());
        for (Work work : reactions) {
            if (copies.get(work.copy().id()) == work.copy() && isForLog(work)) {
                toLogs.add(work);
            }
        }
        appends.start(toLogs, new Appends.Listener() {
            @Override
            public void served() {
                if (answer != null) {
                    answer.close();
                }
            }

            @Override
            public void done(List<Done> all) {
                all.forEach(ReplicaFetcher.this::appended);
                goOn();
            }
        });
    }

    private boolean isForLog(Work work) {
        Copy copy = work.copy();
        Reaction reaction = work.reaction();
        if (reaction instanceof Reaction.Ask) {
            copy.become(new FetcherState.Lost(copy.state().position()));
        } else if (reaction instanceof Reaction.Stop) {
            copy.become(new FetcherState.Fenced(copy.state().position()));
        } else if (reaction instanceof Reaction.Wait refused) {
            failures.warn("The leader does not give " + copy.id() + " now: " + refused.error());
            wait(List.of(copy));
        } else {
            return true;
        }
        return false;
    }

    private void appended(Done done) {
        sessionIsStale |= !done.takenOver();
        if (done.error() != ErrorCode.NONE) {
            done.copy().become(FetcherState.moved(done.position()));
            wait(List.of(done.copy()));
        } else if (done.position() != null) {
            done.copy().succeeded(FetcherState.moved(done.position()));
            lags.all().reached(done.copy().id(), done.position().endOffset());
        } else if (copies.get(done.copy().id()) == done.copy()) {
            // It has another role by now, and word of it is on its way here.
            remove(done.copy().id());
        }
    }
}
