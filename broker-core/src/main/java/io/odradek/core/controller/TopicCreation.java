package io.odradek.core.controller;

import io.odradek.core.coordination.CoordinationErrors;
import io.odradek.core.coordination.CoordinationException;
import io.odradek.core.coordination.CoordinationException.Reason;
import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.wire.Uuid;
import io.odradek.storage.env.Randoms;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** Creates topics; belongs to the controller's loop. */
final class TopicCreation {
    private final ControllerSettings settings;
    private final ControllerContext context;
    private final TopicStore topics;
    private final Randoms randoms;
    private final Function<ControlledTopic, CompletionStage<Boolean>> activation;
    private final SortedMap<String, CompletionStage<TopicResult>> underWay = new TreeMap<>();

    /** @param activation makes brokers serve a topic that is in the tree, and says whether they all do */
    TopicCreation(
            ControllerSettings settings,
            ControllerContext context,
            TopicStore topics,
            Randoms randoms,
            Function<ControlledTopic, CompletionStage<Boolean>> activation) {
        this.settings = settings;
        this.context = context;
        this.topics = topics;
        this.randoms = randoms;
        this.activation = activation;
    }

    /** {@return the creation of a topic that is not finished, or null} */
    CompletionStage<TopicResult> underWay(String topic) {
        return underWay.get(topic);
    }

    /** Creates topics, each on its own. {@return the results in the order of the wishes, when the brokers serve them} */
    CompletionStage<List<TopicResult>> create(List<NewTopic> wanted, boolean validateOnly) {
        return Stages.all(begin(wanted, validateOnly));
    }

    /** Begins to create topics. {@return those that are refused without delay} */
    List<TopicResult> refuseOrBegin(List<NewTopic> wanted) {
        List<TopicResult> refused = new ArrayList<>();
        for (CompletionStage<TopicResult> result : begin(wanted, false)) {
            TopicResult known = result.toCompletableFuture().getNow(null);
            if (known != null && known.error() != ErrorCode.NONE) {
                refused.add(known);
            }
        }
        return refused;
    }

    private List<CompletionStage<TopicResult>> begin(List<NewTopic> wanted, boolean validateOnly) {
        List<CompletionStage<TopicResult>> results = new ArrayList<>();
        CreationLimits.Budget budget = settings.limits().budget();
        for (NewTopic topic : wanted) {
            results.add(create(topic, validateOnly, budget));
        }
        return results;
    }

    private int partitionsOf(NewTopic wanted) {
        if (!wanted.assignment().isEmpty()) {
            return wanted.assignment().size();
        }
        return wanted.partitions() == -1 ? settings.defaultPartitions() : wanted.partitions();
    }

    private CompletionStage<TopicResult> create(NewTopic wanted, boolean validateOnly, CreationLimits.Budget budget) {
        TopicPlan plan;
        try {
            checkNew(wanted.name());
            budget.require(partitionsOf(wanted));
            plan = TopicPlan.of(wanted, settings, context.racks(), randoms);
        } catch (ApiException e) {
            return CompletableFuture.completedStage(TopicResult.failed(wanted.name(), e.error(), e.getMessage()));
        }
        if (validateOnly) {
            return CompletableFuture.completedStage(TopicResult.of(plan, Uuid.ZERO));
        }
        CompletableFuture<TopicResult> result = new CompletableFuture<>();
        underWay.put(plan.name(), result);
        context.metricNames().add(plan.name());
        Uuid id = randoms.nextUuid();
        topics.create(plan, id).thenCompose(this::activate).whenComplete((served, error) -> {
            underWay.remove(plan.name());
            if (!context.topics().containsKey(plan.name())) {
                context.metricNames().remove(plan.name());
            }
            result.complete(error == null ? TopicResult.of(plan, id) : failed(plan.name(), Stages.cause(error)));
        });
        return result;
    }

    private CompletionStage<Boolean> activate(ControlledTopic topic) {
        context.add(topic);
        return activation.apply(topic);
    }

    private void checkNew(String name) {
        TopicNames.check(name);
        if (context.deleting().contains(name)) {
            throw new ApiException(ErrorCode.TOPIC_ALREADY_EXISTS, "Topic '" + name + "' is being deleted");
        }
        if (context.topics().containsKey(name) || underWay.containsKey(name)) {
            throw new ApiException(ErrorCode.TOPIC_ALREADY_EXISTS, "Topic '" + name + "' already exists");
        }
        String colliding = context.metricNames().colliding(name);
        if (colliding != null) {
            throw new ApiException(
                    ErrorCode.INVALID_TOPIC_EXCEPTION,
                    "Topic '" + name + "' cannot be told from the existing topic '" + colliding
                            + "' in metrics, where '.' becomes '_'");
        }
    }

    private static TopicResult failed(String name, Throwable error) {
        if (CoordinationException.is(error, Reason.NODE_EXISTS)) {
            return TopicResult.failed(name, ErrorCode.TOPIC_ALREADY_EXISTS, "Topic '" + name + "' already exists");
        }
        return TopicResult.failed(name, CoordinationErrors.code(error), CoordinationErrors.message(error));
    }
}
