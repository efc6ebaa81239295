package io.odradek.core.engine;

import io.odradek.core.config.BrokerConfig;
import io.odradek.core.controller.Controller;
import io.odradek.core.memory.MemoryAccount;
import io.odradek.core.partition.ReplicaManager;
import io.odradek.storage.log.LogSetting;
import io.odradek.storage.manager.LogManager;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Takes changed settings of the broker over into its rooms, while it runs.
 *
 * @param replicas whose logs inherit what topics do not override
 * @param logs cleans them, and lets producers expire
 * @param controller elects by what topics do not override
 * @param memory bounds what the cleaner may take
 */
record EngineChanges(ReplicaManager replicas, LogManager logs, Controller controller, MemoryAccount memory) {
    private static final String UNCLEAN = "unclean.leader.election.enable";

    /** {@return completes when they are in effect} */
    CompletionStage<Void> take(BrokerConfig before, BrokerConfig now) {
        logs.expireProducersAfterMs(now.int64("producer.id.expiration.ms"));
        logs.moves().bound(EngineThrottles.rateOfMoves(now));
        logs.cleaner().ifPresent(cleaner -> cleaner.settings(EngineSettings.cleaner(now, memory)));
        CompletionStage<Void> done = CompletableFuture.completedStage(null);
        for (LogSetting setting : LogSetting.values()) {
            if (differ(setting, before, now)) {
                done = replicas.updateDefaults();
                break;
            }
        }
        return before.flag(UNCLEAN) == now.flag(UNCLEAN)
                ? done
                : done.thenCombine(controller.uncleanByDefault(now.flag(UNCLEAN)), (ofLogs, elected) -> null);
    }

    private static boolean differ(LogSetting setting, BrokerConfig before, BrokerConfig now) {
        for (String name : setting.brokerNames()) {
            if (!Objects.equals(before.given().get(name), now.given().get(name))) {
                return true;
            }
        }
        return false;
    }
}
