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
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Changes what guards the listeners of a broker while it runs (KIP-226), for connections and logins that begin then. Thread-safe.
 *
 * @param newest what is to hold, of what was told so far; shared by all changes of a broker
 * @param blocking where the files of stores are read
 */
record ListenerChanges(Logins logins, ListenersTls tls, AtomicReference<BrokerConfig> newest, Executor blocking)
        implements ListenerGuard {
    @Override
    public CompletionStage<Void> check(BrokerConfig before, BrokerConfig next) {
        return CompletableFuture.runAsync(
                () -> {
                    for (Listener listener : changed(before, next, ListenerChanges::isOfLogins)) {
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
     * Takes over what is set now. On the cluster loop.
     *
     * @param serving whether there may be connections
     * @return completes when it is in effect, or something newer is
     */
    CompletionStage<Void> take(BrokerConfig before, BrokerConfig now, boolean serving) {
        newest.set(now);
        CompletionStage<Void> all = CompletableFuture.completedStage(null);
        for (Listener listener : changed(before, now, ListenerChanges::isOfLogins)) {
            all = all.thenCombine(inTurn(config -> logins.take(listener, config, serving)), (done, too) -> null);
        }
        for (Listener listener : changed(before, now, ListenerChanges::isOfTls)) {
            all = all.thenCombine(inTurn(config -> tls.take(listener.name(), config, serving)), (done, too) -> null);
        }
        return all;
    }

    /** What is done for the change before may come after what is done for this one: either takes what is newest. */
    private CompletionStage<Void> inTurn(Consumer<BrokerConfig> taking) {
        return CompletableFuture.runAsync(
                () -> {
                    synchronized (newest) {
                        taking.accept(newest.get());
                    }
                },
                blocking);
    }

    /** A key that is made anew is no reason to forget what logins know, such as the keys of tokens. */
    private static boolean isOfLogins(String setting) {
        return setting.startsWith("sasl.") || setting.equals("connections.max.reauth.ms");
    }

    private static boolean isOfTls(String setting) {
        return setting.startsWith("ssl.");
    }

    private static List<Listener> changed(BrokerConfig before, BrokerConfig now, Predicate<String> settings) {
        return now.listeners().listeners().stream()
                .filter(listener -> !own(listener, before, settings).equals(own(listener, now, settings)))
                .toList();
    }

    private static Map<String, String> own(Listener listener, BrokerConfig config, Predicate<String> settings) {
        Map<String, String> own = new TreeMap<>(config.given());
        String prefix = ListenerSettings.prefix(listener.name());
        own.keySet().removeIf(name -> {
            String base = name.startsWith(prefix) ? ListenerSettings.baseName(name) : null;
            return base == null || !settings.test(base);
        });
        return own;
    }
}
