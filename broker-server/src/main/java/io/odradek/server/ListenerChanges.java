package io.odradek.server;

import io.odradek.core.config.BrokerConfig;
import io.odradek.core.config.Listener;
import io.odradek.core.config.ListenerGuard;
import io.odradek.core.config.ListenerSettings;
import io.odradek.server.login.Logins;
import io.odradek.server.tls.ListenersTls;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/**
 * Changes what guards the listeners of a broker while it runs (KIP-226), for connections and logins that begin then. Thread-safe.
 *
 * @param blocking where the files of stores are read
 */
record ListenerChanges(Logins logins, ListenersTls tls, Executor blocking) implements ListenerGuard {
    @Override
    public CompletionStage<Void> check(BrokerConfig before, BrokerConfig next) {
        return CompletableFuture.runAsync(
                () -> {
                    for (Listener listener : changed(before, next)) {
                        logins.check(listener, next);
                    }
                    // Of a store that is named as before, what is in it may have changed.
                    tls.check(next);
                },
                blocking);
    }

    @Override
    public CompletionStage<Void> lookAgain() {
        return CompletableFuture.runAsync(tls::refresh, blocking);
    }

    /**
     * Takes over what is set now.
     *
     * @param serving whether there may be connections
     * @return completes when it is in effect
     */
    CompletionStage<Void> take(BrokerConfig before, BrokerConfig now, boolean serving) {
        CompletionStage<Void> all = CompletableFuture.completedStage(null);
        for (Listener listener : changed(before, now)) {
            Runnable taking = () -> {
                logins.take(listener, now, serving);
                tls.take(listener.name(), now, serving);
            };
            all = all.thenCombine(CompletableFuture.runAsync(taking, blocking), (done, too) -> null);
        }
        return all;
    }

    private static List<Listener> changed(BrokerConfig before, BrokerConfig now) {
        return now.listeners().listeners().stream()
                .filter(listener -> !own(listener, before).equals(own(listener, now)))
                .toList();
    }

    private static Map<String, String> own(Listener listener, BrokerConfig config) {
        Map<String, String> own = new TreeMap<>(config.given());
        String prefix = ListenerSettings.prefix(listener.name());
        own.keySet().removeIf(name -> !name.startsWith(prefix));
        return own;
    }
}
