package io.odradek.core.controller;

import java.util.concurrent.CompletionStage;

/** What a watch of the tree sets off: it is seen to once for all changes that come while it waits for its turn. */
abstract class News implements Command, Runnable {
    private final Office office;
    private boolean waits;

    News(Office office) {
        this.office = office;
    }

    /** Something has changed. */
    @Override
    public final void run() {
        if (!waits) {
            waits = true;
            office.submit(this);
        }
    }

    @Override
    public final CompletionStage<Void> perform() {
        waits = false;
        return see();
    }

    /** Reads again, and does what follows from it. */
    abstract CompletionStage<Void> see();
}
