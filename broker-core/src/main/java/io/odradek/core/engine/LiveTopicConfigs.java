package io.odradek.core.engine;

import io.odradek.core.config.dynamic.TopicConfigEffect;
import io.odradek.core.controller.Controller;
import io.odradek.core.orders.ControllerOrders;
import java.util.concurrent.CompletionStage;

/**
 * Takes changed settings over, first into what the controller knows of the topic, then into the logs that are there.
 *
 * @param controller this broker's controller
 * @param orders this broker's replicas, as controllers reach them
 */
record LiveTopicConfigs(Controller controller, ControllerOrders orders) implements TopicConfigEffect {
    @Override
    public CompletionStage<Void> changed(String topic) {
        return controller.topicConfigChanged(topic).thenCompose(known -> orders.changed(topic));
    }
}
