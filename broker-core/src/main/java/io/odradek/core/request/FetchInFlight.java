package io.odradek.core.request;

import io.odradek.core.fetch.ByteBudget;
import io.odradek.core.fetch.FetchContext;
import io.odradek.core.fetch.FetchLimits;
import io.odradek.core.fetch.FetchWish;
import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.api.FetchResponse.PartitionData;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A fetch on its way, split over owners and answered once.
 *
 * <pre>
 *   reading --last part read, enough or urgent---------------------------------> answered
 *      |                                                                            ^
 *      +--last part read, too little--> parked --change that makes it enough--+     |
 *                                         |                                   v     |
 *                                         +--time is up------------------> reading again
 * </pre>
 *
 * A part writes its result before it looks at the others', and all parts look after they wrote: so whichever is last sees
 * enough, and the flag lets one of them answer. What a parked part had found is read again before it is sent, because the
 * files it lay in may be gone.
 */
final class FetchInFlight {
    private final RequestContext context;
    private final FetchContext session;
    private final FetchLimits limits;
    private final FetchItem[] items;
    private final PartitionData[] results;
    private final AtomicInteger readsOutstanding = new AtomicInteger();
    private final AtomicBoolean answered = new AtomicBoolean();
    private DelayedFetch[] parts = new DelayedFetch[0];

    /**
     * @param results for each item what is known without its owner; null where the owner must read
     */
    FetchInFlight(
            RequestContext context,
            FetchContext session,
            FetchLimits limits,
            FetchItem[] items,
            PartitionData[] results) {
        this.context = context;
        this.session = session;
        this.limits = limits;
        this.items = items;
        this.results = results;
    }

    RequestContext context() {
        return context;
    }

    FetchLimits limits() {
        return limits;
    }

    FetchItem item(int index) {
        return items[index];
    }

    boolean isAnswered() {
        return answered.get();
    }

    /** {@return whether there is no use in waiting: it was answered, or nobody is left to answer} */
    boolean isAbandoned() {
        if (context.isGone() && answered.compareAndSet(false, true)) {
            session.abandon();
            context.respondNothing();
        }
        return answered.get();
    }

    /** Starts: every part reads on its owner's loop, which may be run by the calling thread. */
    void start(DelayedFetch[] partsToRead) {
        parts = partsToRead;
        if (parts.length == 0) {
            answered.set(true);
            answer();
            return;
        }
        readsOutstanding.set(parts.length);
        context.workBegins(parts.length);
        for (DelayedFetch part : partsToRead) {
            part.owner().loop().execute(part);
        }
    }

    /** A part has read for the first time. */
    void partRead(DelayedFetch part) {
        if (readsOutstanding.decrementAndGet() > 0) {
            return;
        }
        if (isEnough()) {
            if (answered.compareAndSet(false, true)) {
                part.unpark();
                answer();
            }
        } else {
            part.expireAfter(limits.maxWaitMs());
        }
    }

    /** A parked part has read a changed partition. */
    void partChanged(DelayedFetch part) {
        if (readsOutstanding.get() == 0 && isEnough() && answered.compareAndSet(false, true)) {
            readAgainAndAnswer(part);
        }
    }

    /** The time is up: what there is will do. */
    void timedOut(DelayedFetch part) {
        if (answered.compareAndSet(false, true)) {
            readAgainAndAnswer(part);
        }
    }

    /** A part failed in an unforeseen way. */
    void fail(RuntimeException failure) {
        if (answered.compareAndSet(false, true)) {
            close(failure);
        }
    }

    private boolean isEnough() {
        if (!limits.mayWait()) {
            return true;
        }
        long sizeBytes = 0;
        for (DelayedFetch part : parts) {
            DelayedFetch.Result result = part.result();
            if (result.urgent()) {
                return true;
            }
            sizeBytes += result.sizeBytes();
        }
        return sizeBytes >= limits.minBytes();
    }

    private void readAgainAndAnswer(DelayedFetch part) {
        part.unpark();
        try {
            part.readAll();
        } catch (RuntimeException e) {
            close(e);
            return;
        }
        List<DelayedFetch> others = new ArrayList<>();
        for (DelayedFetch other : parts) {
            if (other != part && other.result().sizeBytes() > 0) {
                others.add(other);
            }
        }
        if (others.isEmpty()) {
            answer();
            return;
        }
        readsOutstanding.set(others.size());
        for (DelayedFetch other : others) {
            other.owner().loop().post(() -> readLast(other));
        }
    }

    private void readLast(DelayedFetch part) {
        part.unpark();
        RuntimeException failure = null;
        try {
            part.readAll();
        } catch (RuntimeException e) {
            failure = e;
        }
        if (failure != null && readsOutstanding.getAndSet(0) > 0) {
            close(failure);
        } else if (readsOutstanding.decrementAndGet() == 0) {
            answer();
        }
    }

    private void answer() {
        try {
            for (DelayedFetch part : parts) {
                PartitionData[] data = part.result().data();
                for (int i = 0; i < data.length; i++) {
                    results[part.items()[i]] = data[i];
                }
            }
            ByteBudget budget = new ByteBudget(limits.maxBytes());
            for (int i = 0; i < results.length; i++) {
                FetchWish wish = items[i].wish();
                results[i] = budget.take(results[i], wish.maxBytes());
            }
            List<PartitionData> all = Arrays.asList(results);
            context.respond(session.respond(all));
        } catch (RuntimeException e) {
            close(e);
        }
    }

    private void close(RuntimeException failure) {
        session.abandon();
        UnexpectedFailure.close(context, failure);
    }
}
