package io.odradek.core.config;

import java.util.concurrent.CompletionStage;

/** Knows whether what the listeners of a broker are set to while it runs can be served, which takes reading files. Thread-safe. */
public interface ListenerGuard {
    /**
     * Finds out whether a configuration can take the place of the one before it, which holds.
     *
     * @return completes if it can; fails with a {@link ConfigException} of one line without secrets
     */
    CompletionStage<Void> check(BrokerConfig before, BrokerConfig next);

    /** Takes up files that have changed under the names that they had. {@return completes when it is done} */
    CompletionStage<Void> lookAgain();
}
