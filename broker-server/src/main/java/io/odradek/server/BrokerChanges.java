package io.odradek.server;

import io.odradek.core.config.BrokerConfig;
import io.odradek.core.config.Listener;
import io.odradek.core.config.ListenerSettings;
import io.odradek.core.engine.BrokerEngine;
import io.odradek.server.net.NetworkServer;
import io.odradek.server.net.secure.ListenerSecurity;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Takes changed settings over into a broker's threads and its network, while it runs.
 *
 * @param security what guards its listeners, null where none are guarded
 * @param serving whether the logs are loaded
 */
record BrokerChanges(
        BrokerThreads threads, NetworkServer network, BrokerEngine engine, ListenerSecurity security, boolean serving) {
    private static final String RECOVERY_THREADS = "num.recovery.threads.per.data.dir";
    private static final String BACKGROUND_THREADS = "background.threads";
    private static final String CLEANER_THREADS = "log.cleaner.threads";
    private static final List<String> OF_CONNECTIONS = List.of(
            "max.connections",
            "max.connections.per.ip",
            "max.connections.per.ip.overrides",
            "max.connection.creation.rate");

    /** {@return completes when they are in effect} */
    CompletionStage<Void> take(BrokerConfig before, BrokerConfig now) {
        if (!serving && differ(RECOVERY_THREADS, before, now)) {
            threads.startRecovery(now.int32(RECOVERY_THREADS));
        }
        if (differ(BACKGROUND_THREADS, before, now)) {
            threads.resizeBlocking(now.int32(BACKGROUND_THREADS));
        }
        CompletionStage<Void> done = CompletableFuture.completedStage(null);
        if (OF_CONNECTIONS.stream().anyMatch(name -> differ(name, before, now)) || listenersDiffer(before, now)) {
            // Names of hosts are looked up.
            done = CompletableFuture.runAsync(
                    () -> network.limitConnections(now), threads.loops().blocking());
        }
        if (differ(CLEANER_THREADS, before, now)) {
            done = done.thenCombine(clean(now.int32(CLEANER_THREADS)), (connections, cleaners) -> null);
        }
        if (security != null) {
            done = done.thenCombine(
                    GuardedListeners.take(security, threads, before, now, serving), (own, listeners) -> null);
        }
        return done;
    }

    private CompletionStage<Void> clean(int count) {
        var cleaners = threads.startCleaners(count);
        if (!serving) {
            threads.endCleaners(count);
            return CompletableFuture.completedStage(null);
        }
        return engine.cleanOn(cleaners)
                .thenRunAsync(() -> threads.endCleaners(count), threads.loops().blocking());
    }

    private static boolean listenersDiffer(BrokerConfig before, BrokerConfig now) {
        for (Listener listener : now.listeners().listeners()) {
            String prefix = ListenerSettings.prefix(listener.name());
            if (differ(prefix + "max.connections", before, now)
                    || differ(prefix + "max.connection.creation.rate", before, now)) {
                return true;
            }
        }
        return false;
    }

    private static boolean differ(String name, BrokerConfig before, BrokerConfig now) {
        return !Objects.equals(before.given().get(name), now.given().get(name));
    }
}
