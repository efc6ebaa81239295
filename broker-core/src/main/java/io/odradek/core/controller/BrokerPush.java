package io.odradek.core.controller;

import io.odradek.core.partition.LocalReplicas.PartitionState;
import io.odradek.protocol.TopicPartition;
import io.odradek.storage.env.Clock;
import io.odradek.storage.env.EventLoop;
import io.odradek.storage.env.FewLines;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells all live brokers at once what they lead, follow and drop, and brings the answers back to the controller's loop. */
final class BrokerPush {
    private static final Logger LOG = LoggerFactory.getLogger(BrokerPush.class);

    private final ControllerChannel channel;
    private final EventLoop loop;
    private final ControllerContext context;
    private final FewLines refusals;

    BrokerPush(ControllerChannel channel, EventLoop loop, ControllerContext context, Clock clock) {
        this.channel = channel;
        this.loop = loop;
        this.context = context;
        this.refusals = new FewLines(LOG, clock);
    }

    /**
     * Tells the brokers of topics. What a broker cannot serve is noted in the context; a broker that cannot be reached is
     * left to the news of its death.
     *
     * @return on the loop: whether every live broker serves all of its replicas
     */
    CompletionStage<Boolean> apply(Collection<ControlledTopic> topics) {
        List<CompletionStage<Boolean>> answers = new ArrayList<>();
        for (Integer broker : context.liveBrokers().keySet()) {
            List<PartitionState> states = new ArrayList<>();
            Map<String, Map<String, String>> configs = new LinkedHashMap<>();
            for (ControlledTopic topic : topics) {
                List<PartitionState> ofTopic = topic.statesFor(broker);
                ofTopic.removeIf(state -> context.failedReplicas(state.id()).contains(broker));
                if (!ofTopic.isEmpty()) {
                    states.addAll(ofTopic);
                    configs.put(topic.name(), topic.config());
                }
            }
            if (!states.isEmpty()) {
                answers.add(onLoop(channel.apply(broker, states, configs))
                        .handle((failed, error) -> noteFailures(broker, failed, error)));
            }
        }
        return Stages.all(answers).thenApply(served -> !served.contains(false));
    }

    /** Tells the brokers that a topic is gone. {@return on the loop, when all live ones have removed it; fails if one cannot} */
    CompletionStage<Void> delete(ControlledTopic topic) {
        List<CompletionStage<Void>> answers = new ArrayList<>();
        for (Integer broker : topic.brokers()) {
            if (context.liveBrokers().containsKey(broker)) {
                answers.add(onLoop(channel.delete(broker, topic.partitionsOn(broker))));
            }
        }
        return Stages.all(answers).thenApply(done -> null);
    }

    private boolean noteFailures(int broker, List<TopicPartition> failed, Throwable error) {
        if (error != null) {
            refusals.warn("Broker " + broker + " could not be told of its partitions: " + Stages.cause(error));
            return false;
        }
        for (TopicPartition partition : failed) {
            context.replicaFailed(broker, partition);
        }
        if (!failed.isEmpty()) {
            refusals.warn("Broker " + broker + " cannot serve " + failed.size() + " of its partitions, " + failed.get(0)
                    + " among them");
        }
        return failed.isEmpty();
    }

    private <T> CompletionStage<T> onLoop(CompletionStage<T> stage) {
        CompletableFuture<T> there = new CompletableFuture<>();
        stage.whenComplete((value, error) -> loop.post(() -> {
            if (error == null) {
                there.complete(value);
            } else {
                there.completeExceptionally(Stages.cause(error));
            }
        }));
        return there;
    }
}
