package io.odradek.core.quota;

/**
 * What holds one client, by its user and its client id, as long as nothing else is set.
 *
 * @param state of the settings that it was made by
 * @param held by each kind, in their order; null where nothing holds the client
 */
record ClientLimits(int state, Held[] held) {
    /**
     * How one kind holds a client.
     *
     * @param perSecond how much it may have
     * @param share what those have had who share that
     */
    record Held(double perSecond, QuotaShare share) {}

    /** {@return how a kind holds the client, null if it does not} */
    Held of(QuotaKind kind) {
        return held[kind.ordinal()];
    }

    /** {@return whether nothing holds the client} */
    boolean isFree() {
        for (Held one : held) {
            if (one != null) {
                return false;
            }
        }
        return true;
    }

    /** {@return whether it has to be made anew} */
    boolean isStale(int stateNow) {
        for (Held one : held) {
            if (one != null && one.share().isForgotten()) {
                return true;
            }
        }
        return state != stateNow;
    }
}
