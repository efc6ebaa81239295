package io.odradek.core.replication;

import io.odradek.core.partition.IsrAnswer;
import io.odradek.core.partition.IsrProposal;
import io.odradek.core.partition.IsrProposal.Member;
import io.odradek.core.transport.ControllerClient;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.api.AlterPartitionRequest;
import io.odradek.protocol.api.AlterPartitionRequest.BrokerState;
import io.odradek.protocol.api.AlterPartitionResponse;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.ApiResponse;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.wire.Uuid;
import io.odradek.storage.env.Clock;
import io.odradek.storage.env.EventLoop;
import io.odradek.storage.env.FewLines;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings to the controller which replicas leaders want to be in sync (AlterPartition, KIP-497): one request at a time, with
 * all that has gathered meanwhile. What is not answered, or by somebody who cannot know, is asked again until it is answered
 * or withdrawn: a change that may have been carried out must not be given up. Called from any thread; lives on the cluster
 * loop.
 */
final class IsrChangeSender {
    private static final Logger LOG = LoggerFactory.getLogger(IsrChangeSender.class);
    private static final int VERSION = 3;
    private static final byte RECOVERED = 0;
    private static final int RETRY_MS = 100;

    private final ControllerClient controller;
    private final int brokerId;
    private final LongSupplier brokerEpoch;
    private final int timeoutMs;
    private final EventLoop loop;
    private final FewLines failures;
    private final SortedMap<TopicPartition, Pending> pending = new TreeMap<>();
    private boolean underWay;
    private boolean closed;

    private record Pending(IsrProposal proposal, Consumer<IsrAnswer> answered) {}

    /**
     * @param brokerId this broker's id
     * @param brokerEpoch the life of this broker, -1 while it has none; then nothing is sent
     * @param timeoutMs how long the controller is tried
     */
    IsrChangeSender(
            ControllerClient controller,
            int brokerId,
            LongSupplier brokerEpoch,
            int timeoutMs,
            EventLoop loop,
            Clock clock) {
        this.controller = controller;
        this.brokerId = brokerId;
        this.brokerEpoch = brokerEpoch;
        this.timeoutMs = timeoutMs;
        this.loop = loop;
        this.failures = new FewLines(LOG, clock);
    }

    void propose(IsrProposal proposal, Consumer<IsrAnswer> answered) {
        loop.post(() -> {
            pending.put(proposal.id(), new Pending(proposal, answered));
            send();
        });
    }

    void withdraw(TopicPartition id) {
        loop.post(() -> pending.remove(id));
    }

    void close() {
        loop.post(() -> {
            closed = true;
            pending.clear();
        });
    }

    private void send() {
        if (underWay || closed || pending.isEmpty()) {
            return;
        }
        underWay = true;
        long epoch = brokerEpoch.getAsLong();
        if (epoch < 0) {
            again();
            return;
        }
        SortedMap<TopicPartition, Pending> sent = new TreeMap<>(pending);
        controller
                .send(ApiKey.ALTER_PARTITION, VERSION, request(sent, epoch), timeoutMs)
                .whenComplete((response, failure) -> {
                    if (failure != null) {
                        failures.warn("In-sync replicas cannot be changed: " + failure.getMessage());
                        again();
                    } else {
                        answered(sent, response);
                    }
                });
    }

    private void again() {
        loop.schedule(RETRY_MS, () -> {
            underWay = false;
            send();
        });
    }

    private AlterPartitionRequest request(SortedMap<TopicPartition, Pending> sent, long epoch) {
        Map<Uuid, AlterPartitionRequest.TopicData> topics = new HashMap<>();
        List<AlterPartitionRequest.TopicData> inOrder = new ArrayList<>();
        for (Pending one : sent.values()) {
            IsrProposal proposal = one.proposal();
            topics.computeIfAbsent(proposal.topicId(), topicId -> {
                        inOrder.add(new AlterPartitionRequest.TopicData("", topicId, new ArrayList<>()));
                        return inOrder.get(inOrder.size() - 1);
                    })
                    .partitions()
                    .add(new AlterPartitionRequest.PartitionData(
                            proposal.id().partition(),
                            proposal.leaderEpoch(),
                            List.of(),
                            members(proposal, epoch),
                            RECOVERED,
                            proposal.partitionEpoch()));
        }
        return new AlterPartitionRequest(brokerId, epoch, inOrder);
    }

    private List<BrokerState> members(IsrProposal proposal, long epoch) {
        List<BrokerState> members = new ArrayList<>();
        for (Member member : proposal.isr()) {
            members.add(
                    new BrokerState(member.brokerId(), member.brokerId() == brokerId ? epoch : member.brokerEpoch()));
        }
        return members;
    }

    private void answered(SortedMap<TopicPartition, Pending> sent, ApiResponse response) {
        AlterPartitionResponse answer = (AlterPartitionResponse) response;
        boolean open = answer.errorCode() != ErrorCode.NONE;
        if (open) {
            failures.warn("The controller does not change in-sync replicas: " + answer.errorCode());
        } else {
            Map<Uuid, String> names = new HashMap<>();
            sent.values()
                    .forEach(one -> names.put(
                            one.proposal().topicId(), one.proposal().id().topic()));
            for (AlterPartitionResponse.TopicData topic : answer.topics()) {
                String name = names.get(topic.topicId());
                for (AlterPartitionResponse.PartitionData one : topic.partitions()) {
                    if (name != null) {
                        TopicPartition id = new TopicPartition(name, one.partitionIndex());
                        answered(sent.get(id), id, one);
                    }
                }
            }
            // Of what is left of them there was no answer, or none that is certain.
            open = sent.entrySet().stream().anyMatch(entry -> pending.get(entry.getKey()) == entry.getValue());
        }
        if (open) {
            again();
        } else {
            underWay = false;
            send();
        }
    }

    private void answered(Pending one, TopicPartition id, AlterPartitionResponse.PartitionData answer) {
        if (one == null || pending.get(id) != one) {
            return;
        }
        if (isCertain(answer.errorCode())) {
            pending.remove(id);
            one.answered()
                    .accept(new IsrAnswer(
                            answer.errorCode(), answer.leaderEpoch(), answer.isr(), answer.partitionEpoch()));
        } else {
            failures.warn("The in-sync replicas of " + id + " cannot be changed now: " + answer.errorCode());
        }
    }

    /**
     * That a topic is not known is not certain: it may be one from the time after a controller that does not know yet that it
     * is none any more. Where the topic is gone, so is the replica, and with it the proposal.
     */
    private static boolean isCertain(ErrorCode error) {
        return switch (error) {
            case NONE,
                    INELIGIBLE_REPLICA,
                    OPERATION_NOT_ATTEMPTED,
                    FENCED_LEADER_EPOCH,
                    INVALID_UPDATE_VERSION,
                    INVALID_REQUEST,
                    NEW_LEADER_ELECTED -> true;
            default -> false;
        };
    }
}
