package io.odradek.core.request;

import io.odradek.core.partition.PartitionOwner;
import io.odradek.core.purgatory.DelayedOperation;
import java.util.function.Consumer;

/** The part of a {@link SplitRequest} that one owner serves; the states are drawn there. On the owner's loop. */
abstract class Part implements Runnable {
    private final SplitRequest request;
    private final PartitionOwner owner;
    private volatile DelayedOperation parkedAs;

    /** Another part of the request; does not change once it has started. */
    Part next;

    /** What a part is after a step of work. */
    enum State {
        /** Its results are written. */
        DONE,
        /** It has called {@link #park}, and waits for a change. */
        PARKED,
        /** Others work for it; {@link #step} comes later. */
        IN_WORK
    }

    /** A step of work. */
    interface Step {
        State take();
    }

    Part(SplitRequest request, PartitionOwner owner) {
        this.request = request;
        this.owner = owner;
    }

    final PartitionOwner owner() {
        return owner;
    }

    /** Serves the part, or begins to. */
    protected abstract State serve();

    /** Serves it a last time after the request was settled. */
    protected void serveAgain() {}

    /** Wakes those who wait for what this part has changed; called after each step. */
    protected void wakeOthers() {}

    @Override
    public final void run() {
        request.context().begins();
        State state;
        try {
            state = serve();
        } catch (Throwable e) {
            state = failed(e);
        }
        ended(state);
        request.context().ends();
    }

    /** Takes a step; after the one that does not end {@link State#IN_WORK} there is no other. */
    final void step(Step step) {
        request.context().begins();
        State state;
        try {
            state = step.take();
        } catch (Throwable e) {
            state = failed(e);
        }
        ended(state);
        request.context().ends();
    }

    private State failed(Throwable cause) {
        leave();
        request.fail(cause);
        return State.DONE;
    }

    private void ended(State state) {
        if (state != State.IN_WORK) {
            request.partLeftWork(this, state == State.PARKED);
            request.context().workEnds();
        }
        wakeOthers();
    }

    /** Waits until {@link SplitRequest#partDone}, or as the request knows; {@link #serve} ends with it. */
    final State park(DelayedOperation operation) {
        parkedAs = operation;
        owner.purgatory().park(operation);
        return State.PARKED;
    }

    /** Does something with what it is parked as, if it still is. */
    final void ifParked(Consumer<DelayedOperation> action) {
        DelayedOperation operation = parkedAs;
        if (operation != null) {
            action.accept(operation);
        }
    }

    /** {@return whether it has been parked and not left since}; from any thread */
    final boolean isParked() {
        return parkedAs != null;
    }

    /** Waits no more. May be called again. */
    final void leave() {
        DelayedOperation operation = parkedAs;
        if (operation != null) {
            parkedAs = null;
            operation.unpark();
        }
    }
}
