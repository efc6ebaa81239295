package io.odradek.core.controller;

import io.odradek.core.coordination.CoordinationErrors;
import io.odradek.core.coordination.CoordinationException;
import io.odradek.core.coordination.CoordinationException.Reason;
import io.odradek.core.transport.MutationAllowance;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Creates topics; belongs to the controller's loop. */
final class TopicCreation {
    private final Office office;
    private final ControllerState state;
    private final TopicStore topics;
    private final PartitionGrowth growth;
    private final NewPartitions newPartitions;
    private final SortedMap<String, CompletableFuture<TopicResult>> underWay = new TreeMap<>();
    /** Of the topics that are being written. */
    private long begunReplicas;

    TopicCreation(Office office, TopicStore topics, PartitionGrowth growth, NewPartitions newPartitions) {
        this.office = office;
        this.state = office.state();
        this.topics = topics;
        this.growth = growth;
        this.newPartitions = newPartitions;
    }

    /** Creates topics, each on its own. {@return the results in the order of the wishes, when the brokers serve them} */
    CompletionStage<List<TopicResult>> create(List<NewTopic> wanted, boolean validateOnly, MutationAllowance quota) {
        List<Wish> wishes = wishes(wanted, validateOnly, false, quota);
        office.submit(new Creation(wishes, new CompletableFuture<>()));
        return Stages.all(results(wishes));
    }

    /** Begins to create topics. {@return those that are refused without delay} */
    CompletionStage<List<TopicResult>> refuseOrBegin(List<NewTopic> wanted, MutationAllowance quota) {
        List<Wish> wishes = wishes(wanted, false, false, quota);
        CompletableFuture<Void> decided = office.await();
        if (!decided.isDone()) {
            office.submit(new Creation(wishes, decided));
        }
        return decided.thenApply(done -> {
            List<TopicResult> refused = new ArrayList<>();
            for (Wish wish : wishes) {
                if (wish.result().isDone() && !wish.result().isCompletedExceptionally()) {
                    TopicResult known = wish.result().getNow(null);
                    if (known.error() != ErrorCode.NONE) {
                        refused.add(known);
                    }
                }
            }
            return refused;
        });
    }

    /** Creates a topic. {@return its result, also that of a creation that is under way; TOPIC_ALREADY_EXISTS if there is one} */
    CompletionStage<TopicResult> createOrJoin(NewTopic wanted) {
        List<Wish> wishes = wishes(List.of(wanted), false, true, null);
        office.submit(new Creation(wishes, new CompletableFuture<>()));
        return wishes.get(0).result();
    }

    private List<Wish> wishes(List<NewTopic> wanted, boolean validateOnly, boolean join, MutationAllowance quota) {
        CreationLimits.Budget budget = office.settings().limits().budget();
        List<Wish> wishes = new ArrayList<>(wanted.size());
        for (NewTopic topic : wanted) {
            wishes.add(new Wish(topic, budget, quota, validateOnly, join, office.await()));
        }
        return wishes;
    }

    private static List<CompletionStage<TopicResult>> results(List<Wish> wishes) {
        List<CompletionStage<TopicResult>> results = new ArrayList<>(wishes.size());
        for (Wish wish : wishes) {
            results.add(wish.result());
        }
        return results;
    }

    /**
     * A topic that somebody waits for.
     *
     * @param budget what the request may create
     * @param quota what its client may, null for as much as it likes
     * @param join whether a creation under way will do
     */
    private record Wish(
            NewTopic topic,
            CreationLimits.Budget budget,
            MutationAllowance quota,
            boolean validateOnly,
            boolean join,
            CompletableFuture<TopicResult> result) {}

    /** A topic that is being written. */
    private record Begun(ControlledTopic topic, CompletableFuture<TopicResult> result) {}

    /** Creates the topics of one request, and of those that wait behind it: they share the way to the disk. */
    private final class Creation implements Command {
        private final List<Wish> wishes;
        private final List<CompletableFuture<Void>> decided = new ArrayList<>();

        Creation(List<Wish> wishes, CompletableFuture<Void> decided) {
            this.wishes = new ArrayList<>(wishes);
            this.decided.add(decided);
        }

        @Override
        public boolean absorb(Command next) {
            if (!(next instanceof Creation other)) {
                return false;
            }
            wishes.addAll(other.wishes);
            decided.addAll(other.decided);
            return true;
        }

        @Override
        public CompletionStage<Void> perform() {
            List<Begun> begun = new ArrayList<>();
            begunReplicas = 0;
            for (Wish wish : wishes) {
                if (!wish.result().isDone()) {
                    begin(wish, begun);
                }
            }
            decided.forEach(future -> future.complete(null));
            List<CompletionStage<Boolean>> writes = new ArrayList<>();
            List<Throwable> doubts = new ArrayList<>();
            for (Begun one : begun) {
                writes.add(topics.create(one.topic()).handle((done, error) -> created(one, error, doubts)));
            }
            return Stages.all(writes).thenCompose(created -> {
                announce(begun, created);
                return doubts.isEmpty()
                        ? CompletableFuture.completedStage(null)
                        : CompletableFuture.failedStage(doubts.get(0));
            });
        }
    }

    /** Decides what comes of a wish. What is to be created is counted among the topics from now on. */
    private void begin(Wish wish, List<Begun> begun) {
        CompletableFuture<TopicResult> other = underWay.get(wish.topic().name());
        if (wish.join() && other != null) {
            other.whenComplete((result, error) -> Stages.relay(wish.result(), result, error));
            return;
        }
        try {
            checkNew(wish.topic().name());
            wish.budget().require(partitionsOf(wish.topic()));
            TopicPlan plan = TopicPlan.of(
                    wish.topic(),
                    office.settings(),
                    state.brokers().racks(),
                    office.env().randoms());
            requireRoom(plan);
            if (wish.validateOnly()) {
                wish.result().complete(TopicResult.of(plan));
                return;
            }
            if (wish.quota() != null) {
                wish.quota().require(plan.partitions());
            }
            begunReplicas += replicas(plan);
            underWay.put(plan.name(), wish.result());
            wish.result().whenComplete((result, error) -> underWay.remove(plan.name(), wish.result()));
            state.metricNames().add(plan.name());
            begun.add(new Begun(topic(plan), wish.result()));
        } catch (ApiException e) {
            wish.result().complete(TopicResult.failed(wish.topic().name(), e.error(), e.getMessage()));
        }
    }

    /** Without the internal topics no client could use those that there are. */
    private void requireRoom(TopicPlan plan) {
        if (!TopicNames.internal(plan.name())) {
            office.settings()
                    .limits()
                    .requireRoom(
                            state.replicas() + begunReplicas,
                            replicas(plan),
                            state.brokers().live().size());
        }
    }

    private static long replicas(TopicPlan plan) {
        return (long) plan.partitions() * plan.replicationFactor();
    }

    private ControlledTopic topic(TopicPlan plan) {
        SortedMap<Integer, ControlledPartition> partitions = new TreeMap<>();
        plan.replicas().forEach((index, replicas) -> {
            TopicPartition id = new TopicPartition(plan.name(), index);
            partitions.put(index, state.elections().first(id, replicas, state.brokers()));
        });
        growth.watch(plan.name());
        return new ControlledTopic(plan.name(), office.env().randoms().nextUuid(), partitions, plan.config());
    }

    /** {@return whether the topic has been created} */
    private boolean created(Begun begun, Throwable error, List<Throwable> doubts) {
        if (error == null) {
            state.put(begun.topic());
            return true;
        }
        Throwable cause = Stages.cause(error);
        String name = begun.topic().name();
        growth.unwatch(name);
        state.metricNames().remove(name);
        begun.result().complete(failed(name, cause));
        if (!Request.refused(cause)) {
            doubts.add(cause);
        }
        return false;
    }

    private void announce(List<Begun> begun, List<Boolean> created) {
        SortedMap<String, Begun> byName = new TreeMap<>();
        SortedMap<String, Collection<Integer>> partitions = new TreeMap<>();
        for (int i = 0; i < begun.size(); i++) {
            if (created.get(i)) {
                ControlledTopic topic = begun.get(i).topic();
                byName.put(topic.name(), begun.get(i));
                partitions.put(topic.name(), topic.partitions().keySet());
            }
        }
        newPartitions.begin(partitions).forEach((name, shown) -> {
            Begun one = byName.get(name);
            shown.whenComplete((done, error) -> one.result()
                    .complete(error == null ? TopicResult.of(one.topic()) : failed(name, Stages.cause(error))));
        });
    }

    private int partitionsOf(NewTopic wanted) {
        if (!wanted.assignment().isEmpty()) {
            return wanted.assignment().size();
        }
        return wanted.partitions() == -1 ? office.settings().defaultPartitions() : wanted.partitions();
    }

    private void checkNew(String name) {
        TopicNames.check(name);
        if (state.deletions().containsKey(name)) {
            throw new ApiException(ErrorCode.TOPIC_ALREADY_EXISTS, "Topic '" + name + "' is being deleted");
        }
        if (state.topics().containsKey(name) || underWay.containsKey(name)) {
            throw new ApiException(ErrorCode.TOPIC_ALREADY_EXISTS, "Topic '" + name + "' already exists.");
        }
        String colliding = state.metricNames().colliding(name);
        if (colliding != null) {
            throw new ApiException(
                    ErrorCode.INVALID_TOPIC_EXCEPTION,
                    "Topic '" + name + "' cannot be told from the existing topic '" + colliding
                            + "' in metrics, where '.' becomes '_'");
        }
    }

    private static TopicResult failed(String name, Throwable error) {
        if (CoordinationException.is(error, Reason.NODE_EXISTS)) {
            return TopicResult.failed(name, ErrorCode.TOPIC_ALREADY_EXISTS, "Topic '" + name + "' already exists.");
        }
        return TopicResult.failed(name, CoordinationErrors.code(error), CoordinationErrors.message(error));
    }
}
