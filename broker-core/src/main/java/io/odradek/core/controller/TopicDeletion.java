package io.odradek.core.controller;

import io.odradek.core.controller.BrokerOrders.StoppedReplica;
import io.odradek.core.coordination.ClusterPaths;
import io.odradek.core.coordination.CoordinationErrors;
import io.odradek.core.coordination.CoordinationException;
import io.odradek.core.coordination.CoordinationException.Reason;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.wire.Uuid;
import io.odradek.storage.env.FewLines;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes topics; belongs to the controller's loop. The wish is written first, then the brokers remove the logs, then the
 * topic's nodes go together with the wish: whoever is controller after a crash in between carries on. A topic with a replica
 * on a broker that is not there, or on a failed disk, is hidden and stays marked for deletion, as Kafka has it, so that it
 * does not come back with the broker; its name is free when the broker has been started again.
 */
final class TopicDeletion {
    private static final Logger LOG = LoggerFactory.getLogger(TopicDeletion.class);
    private static final long BEFORE_TRYING_AGAIN_MS = 10_000;

    /** In any leader epoch. */
    private static final int ANY_EPOCH = -2;

    private final Office office;
    private final ControllerState state;
    private final TopicStore topics;
    private final PartitionGrowth growth;
    private final Announcements brokers;
    private final FewLines refusals;
    private final SortedMap<String, CompletableFuture<ErrorCode>> awaited = new TreeMap<>();

    TopicDeletion(Office office, TopicStore topics, PartitionGrowth growth, Announcements brokers) {
        this.office = office;
        this.state = office.state();
        this.topics = topics;
        this.growth = growth;
        this.brokers = brokers;
        this.refusals = new FewLines(LOG, office.env().clock());
    }

    /**
     * Deletes topics.
     *
     * @param wanted their names, each with the identifier that it must have, {@link Uuid#ZERO} for any
     * @return for each, NONE when nothing is left of it that a live broker can reach, or why it could not be deleted
     */
    CompletionStage<SortedMap<String, ErrorCode>> delete(SortedMap<String, Uuid> wanted) {
        return office.request(answer -> {
            SortedMap<String, ErrorCode> outcomes = new TreeMap<>();
            List<CompletionStage<ControlledTopic>> wishes = new ArrayList<>();
            wanted.forEach((name, id) -> {
                ControlledTopic topic = state.topics().get(name);
                if (topic == null) {
                    outcomes.put(name, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
                } else if (!id.equals(Uuid.ZERO) && !id.equals(topic.id())) {
                    outcomes.put(name, ErrorCode.UNKNOWN_TOPIC_ID);
                } else if (state.deletions().containsKey(name)) {
                    wishes.add(CompletableFuture.completedStage(topic));
                } else {
                    wishes.add(topics.requestDeletion(name).handle((done, error) -> wished(topic, error, outcomes)));
                }
            });
            return Stages.all(wishes).thenAccept(wished -> {
                wished.removeIf(topic -> topic == null);
                begin(wished);
                answerWhenGone(wished, outcomes, answer);
            });
        });
    }

    private ControlledTopic wished(ControlledTopic topic, Throwable error, SortedMap<String, ErrorCode> outcomes) {
        if (error == null || CoordinationException.is(error, Reason.NODE_EXISTS)) {
            // Somebody else has wished for it as well.
            return topic;
        }
        Throwable cause = Stages.cause(error);
        if (!Request.refused(cause)) {
            throw new CompletionException(cause);
        }
        refusals.warn("Topic " + topic.name() + " could not be deleted: " + cause.getMessage());
        outcomes.put(topic.name(), CoordinationErrors.code(cause));
        return null;
    }

    private void answerWhenGone(
            List<ControlledTopic> going,
            SortedMap<String, ErrorCode> outcomes,
            CompletableFuture<SortedMap<String, ErrorCode>> answer) {
        CompletionStage<Void> all = CompletableFuture.completedStage(null);
        for (ControlledTopic topic : going) {
            CompletionStage<ErrorCode> gone =
                    awaited.getOrDefault(topic.name(), CompletableFuture.completedFuture(ErrorCode.NONE));
            all = all.thenCombine(gone, (before, error) -> {
                outcomes.put(topic.name(), error);
                return null;
            });
        }
        all.whenComplete((done, error) -> Stages.relay(answer, outcomes, error));
    }

    /** Begins what is wished for in the tree, unless it has begun. */
    void begin(Collection<ControlledTopic> some) {
        List<String> names = new ArrayList<>();
        for (ControlledTopic topic : some) {
            if (hide(topic)) {
                brokers.forget(topic);
                names.add(topic.name());
            }
        }
        if (!names.isEmpty()) {
            brokers.metadata(List.of());
            tell(names, state.brokers().live().keySet());
            names.forEach(this::settle);
        }
    }

    /** Takes a topic for one that is on its way out. {@return whether it was not before} */
    boolean hide(ControlledTopic topic) {
        if (state.deletions().putIfAbsent(topic.name(), Deletion.of(laid(topic))) != null) {
            return false;
        }
        state.show(topic.name());
        growth.unwatch(topic.name());
        awaited.put(topic.name(), new CompletableFuture<>());
        return true;
    }

    private ControlledTopic laid(ControlledTopic topic) {
        return topic.moving().isEmpty()
                ? topic
                : topic.wherever(state.brokers().live().keySet());
    }

    /** Brokers have come: they may have what is to be deleted. */
    void brokersCame(SortedSet<Integer> come) {
        List<String> names = List.copyOf(state.deletions().keySet());
        tell(names, come);
        names.forEach(this::settle);
    }

    /** Brokers have gone: nobody waits for them. */
    void brokersGone(SortedSet<Integer> gone) {
        for (String name : List.copyOf(state.deletions().keySet())) {
            gone.forEach(broker -> state.deletions().computeIfPresent(name, (any, one) -> one.changed(broker)));
            settle(name);
        }
    }

    private void tell(List<String> names, Collection<Integer> some) {
        SortedMap<Integer, List<StoppedReplica>> orders = new TreeMap<>();
        for (String name : names) {
            Deletion deletion = state.deletions().get(name);
            for (Integer broker : deletion.toTell(some)) {
                for (TopicPartition id : deletion.topic().partitionsOn(broker)) {
                    orders.computeIfAbsent(broker, any -> new ArrayList<>())
                            .add(new StoppedReplica(id, ANY_EPOCH, true));
                }
            }
        }
        brokers.stop(orders);
    }

    /**
     * A broker has answered. What it was only to stop, it still has.
     *
     * @param told what it was to stop or to delete
     * @param failed what it could not delete
     */
    CompletionStage<Void> answered(int brokerId, List<StoppedReplica> told, Collection<TopicPartition> failed) {
        SortedSet<String> names = new TreeSet<>();
        for (StoppedReplica replica : told) {
            if (replica.delete() && replica.leaderEpoch() == ANY_EPOCH) {
                names.add(replica.id().topic());
            }
        }
        CompletionStage<Void> all = CompletableFuture.completedStage(null);
        for (String name : names) {
            Deletion before = state.deletions().get(name);
            if (before != null) {
                Deletion after = before.answered(brokerId, failed);
                state.deletions().put(name, after);
                all = all.thenCombine(after.done() ? remove(after) : settled(name), (one, other) -> null);
            }
        }
        return all;
    }

    private CompletionStage<Void> settled(String name) {
        settle(name);
        return CompletableFuture.completedStage(null);
    }

    /** Answers whoever waits, if nobody is left who could be waited for. */
    private void settle(String name) {
        Deletion deletion = state.deletions().get(name);
        if (!deletion.done()
                && deletion.toTell(state.brokers().live().keySet()).isEmpty()
                && awaited.containsKey(name)) {
            refusals.warn("Topic " + name + " stays marked for deletion: it may have replicas on brokers "
                    + deletion.left() + ", which are not there or have a log folder that is offline");
            awaited.remove(name).complete(ErrorCode.NONE);
        }
    }

    private CompletionStage<Void> remove(Deletion deletion) {
        String name = deletion.topic().name();
        // Those who were not there when it began, this broker perhaps, have positions of groups in it all the same.
        brokers.forget(deletion.topic());
        brokers.metadata(List.of());
        return topics.remove(name).handle((done, error) -> {
            CompletableFuture<ErrorCode> waiting = awaited.remove(name);
            if (error == null) {
                state.remove(name);
                complete(waiting, ErrorCode.NONE);
                return null;
            }
            Throwable cause = Stages.cause(error);
            if (!Request.refused(cause) && !TopicStore.changedMeanwhile(cause)) {
                throw new CompletionException(cause);
            }
            refusals.warn("What the tree has of topic " + name + " cannot be deleted yet: " + cause.getMessage());
            complete(waiting, CoordinationErrors.code(cause));
            office.later(BEFORE_TRYING_AGAIN_MS, () -> office.submit(() -> remove(deletion)));
            return null;
        });
    }

    private static void complete(CompletableFuture<ErrorCode> waiting, ErrorCode outcome) {
        if (waiting != null) {
            waiting.complete(outcome);
        }
    }

    /**
     * The deletion of topics may have been asked for by other tools: begins it, and withdraws what is asked of no topic, or
     * where topics are not to be deleted.
     */
    CompletionStage<Void> wishesChanged() {
        return office.store().reads().children(ClusterPaths.DELETE_TOPICS).thenCompose(wishes -> {
            List<ControlledTopic> wished = new ArrayList<>();
            List<String> idle = new ArrayList<>();
            for (String name : wishes) {
                ControlledTopic topic = state.topics().get(name);
                if (topic == null || !office.settings().deletesTopics()) {
                    idle.add(ClusterPaths.deleteTopic(name));
                } else {
                    wished.add(topic);
                }
            }
            begin(wished);
            return office.store().deleteIfThere(idle);
        });
    }
}
