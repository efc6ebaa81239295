package io.odradek.core.engine;

import io.odradek.core.config.dynamic.TopicConfigEffect;
import io.odradek.core.controller.Controller;
import io.odradek.core.partition.LocalReplicas;
import io.odradek.storage.env.EventLoop;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Takes changed settings over, first into what the controller tells of the topic, then into the logs that are there: so that
 * no log is opened with former settings after the change. Stages complete on the loop.
 *
 * @param controller this broker's controller
 * @param replicas this broker's replicas
 * @param loop the controller's loop
 */
record LiveTopicConfigs(Controller controller, LocalReplicas replicas, EventLoop loop) implements TopicConfigEffect {
    @Override
    public CompletionStage<Void> changed(String topic) {
        CompletableFuture<Void> inEffect = new CompletableFuture<>();
        controller
                .topicConfigChanged(topic)
                .thenCompose(overrides -> replicas.updateTopicConfig(topic, overrides))
                .whenComplete((done, error) -> loop.post(() -> {
                    if (error == null) {
                        inEffect.complete(null);
                    } else {
                        inEffect.completeExceptionally(error);
                    }
                }));
        return inEffect;
    }
}
