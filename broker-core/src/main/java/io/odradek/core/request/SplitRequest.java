package io.odradek.core.request;

import io.odradek.core.partition.PartitionOwner;
import io.odradek.core.partition.PartitionOwners;
import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.TopicPartition;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

/**
 * A request that is split over the owners of its partitions and answered once. What becomes of one {@link Part}:
 *
 * <pre>
 *   in work --+--> done
 *             +--> failed
 *             +--> parked --what it waited for has come, or its time is up--> done
 * </pre>
 *
 * and of the whole:
 *
 * <pre>
 *   in work --+--no part in work any more, one failed---------------------> settled: the error is answered
 *             +--no part in work any more, enough-------------------------> settled: answered
 *             +--no part in work any more, not enough--> waiting --enough--> settled: answered
 *                                                           +--client gone--> settled: dropped
 * </pre>
 *
 * A part is in work, towards the transport too, from the moment it stands in its owner's queue; so the request's bytes are
 * touched by nobody once it is settled or waits. Enough is, unless a subclass knows better, that no part is parked.
 *
 * <p>Each part writes its own results before it leaves work, or before it reports a change; whoever settles looks after
 * that. Whether parts are in work and what they have found is looked at in the opposite order by those who wrote it, so one
 * of them sees all, and the flag lets one of them settle.
 */
abstract class SplitRequest {
    private static final AtomicIntegerFieldUpdater<SplitRequest> IN_WORK =
            AtomicIntegerFieldUpdater.newUpdater(SplitRequest.class, "partsInWork");
    private static final AtomicIntegerFieldUpdater<SplitRequest> PARKED =
            AtomicIntegerFieldUpdater.newUpdater(SplitRequest.class, "partsParked");
    private static final AtomicIntegerFieldUpdater<SplitRequest> SETTLED =
            AtomicIntegerFieldUpdater.newUpdater(SplitRequest.class, "settled");

    private final RequestContext context;
    private volatile int partsInWork;
    private volatile int partsParked;
    private volatile int settled;
    private Part firstPart;
    private volatile Throwable failure;

    SplitRequest(RequestContext context) {
        this.context = context;
    }

    final RequestContext context() {
        return context;
    }

    /** {@return whether it was answered or dropped, so that there is nothing left to wait for} */
    final boolean isSettled() {
        return settled != 0;
    }

    /**
     * Makes a part for each owner that has items, and starts.
     *
     * @param ids the partition of each item; null for an item that concerns no owner
     */
    final void split(TopicPartition[] ids, PartitionOwners owners) {
        int[][] groups = OwnerGroups.of(ids, owners);
        for (int owner = groups.length - 1; owner >= 0; owner--) {
            if (groups[owner] != null) {
                add(part(owners.owner(owner), groups[owner]));
            }
        }
        start();
    }

    /** Adds a part, before the start. */
    final void add(Part part) {
        part.next = firstPart;
        firstPart = part;
        partsInWork++;
    }

    /** {@return the part added last, from which the others follow; null if there are none} */
    final Part firstPart() {
        return firstPart;
    }

    /** Has each part served on its owner's loop, which may be run by the calling thread. Without parts it is answered. */
    final void start() {
        if (firstPart == null) {
            settled = 1;
            answerNow();
            return;
        }
        context.workBegins(partsInWork);
        for (Part part = firstPart; part != null; part = part.next) {
            part.owner().loop().execute(part);
        }
    }

    /** Something went wrong in an unforeseen way: that is the answer, once no part is in work. */
    final void fail(Throwable cause) {
        failure = cause;
    }

    /** A part is in work no more. */
    final void partLeftWork(Part part, boolean parked) {
        if (parked) {
            PARKED.incrementAndGet(this);
        }
        if (IN_WORK.decrementAndGet(this) > 0) {
            return;
        }
        if (failure != null || isEnough()) {
            settle(part, false);
        } else {
            context.whenGone(this::drop);
            waits(part);
        }
    }

    /** A parked part has found more. */
    final void partChanged(Part part) {
        if (partsInWork == 0 && (failure != null || isEnough())) {
            settle(part, true);
        }
    }

    /** What a parked part waited for has come. */
    final void partDone(Part part) {
        PARKED.decrementAndGet(this);
        partChanged(part);
    }

    /** The time is up: what there is will do. */
    final void timeIsUp(Part part) {
        settle(part, true);
    }

    private void settle(Part last, boolean waited) {
        if (!SETTLED.compareAndSet(this, 0, 1)) {
            return;
        }
        last.leave();
        if (failure != null) {
            leaveAll();
            answerNow();
            return;
        }
        try {
            conclude(last, waited);
        } catch (Throwable e) {
            fail(e);
            answerNow();
        }
    }

    private void drop() {
        if (SETTLED.compareAndSet(this, 0, 1)) {
            leaveAll();
            ended();
            context.respondNothing();
        }
    }

    private void leaveAll() {
        for (Part part = firstPart; part != null; part = part.next) {
            if (part.isParked()) {
                part.owner().loop().post(part::leave);
            }
        }
    }

    /** Has parts work a last time on their loops, and answers then; of a request that is settled. */
    final void workOnceMore(List<? extends Part> again) {
        partsInWork = again.size();
        for (Part part : again) {
            part.owner().loop().post(() -> {
                part.leave();
                try {
                    part.serveAgain();
                } catch (Throwable e) {
                    fail(e);
                }
                if (IN_WORK.decrementAndGet(this) == 0) {
                    answerNow();
                }
            });
        }
    }

    /** Answers: the request is settled. */
    final void answerNow() {
        Throwable cause = failure;
        if (cause == null) {
            try {
                answer();
            } catch (Throwable e) {
                cause = e;
            }
        }
        ended();
        if (cause != null) {
            answerFailure(cause);
        }
    }

    /** {@return the part of one owner} @param items the places of what concerns it */
    protected abstract Part part(PartitionOwner owner, int[] items);

    /** {@return whether what the parts have found will do}; called when none is in work, on the thread of any */
    protected boolean isEnough() {
        return partsParked == 0;
    }

    /** The request begins to wait; called on the loop of the part that left work last. */
    protected void waits(Part last) {}

    /**
     * Answers, at once or after more work.
     *
     * @param last the part on whose loop this is called
     * @param waited whether something may have happened since the parts were served
     */
    protected void conclude(Part last, boolean waited) {
        answerNow();
    }

    /** Answers through the context; called once, on the thread of any part. */
    protected abstract void answer();

    /** The request is answered, or will be with an error, or was dropped: gives back what it holds. */
    protected void ended() {}

    /** Answers what went wrong. */
    protected void answerFailure(Throwable cause) {
        UnexpectedFailure.answer(context, cause);
    }
}
