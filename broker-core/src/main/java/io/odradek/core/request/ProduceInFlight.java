package io.odradek.core.request;

import io.odradek.core.metadata.MetadataImage.PartitionInfo;
import io.odradek.core.partition.PartitionOwner;
import io.odradek.core.partition.PartitionOwners;
import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.api.ProduceRequest;
import io.odradek.protocol.api.ProduceRequest.PartitionProduceData;
import io.odradek.protocol.api.ProduceRequest.TopicProduceData;
import io.odradek.protocol.api.ProduceResponse;
import io.odradek.protocol.api.ProduceResponse.LeaderIdAndEpoch;
import io.odradek.protocol.api.ProduceResponse.NodeEndpoint;
import io.odradek.protocol.api.ProduceResponse.PartitionProduceResponse;
import io.odradek.protocol.api.ProduceResponse.TopicProduceResponse;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.errors.Quoted;
import io.odradek.protocol.wire.Payload;
import io.odradek.storage.log.AppendResult;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A Produce request on its way: its partitions in one row, and what became of each. */
final class ProduceInFlight extends SplitRequest {
    private static final LeaderIdAndEpoch NO_LEADER = new LeaderIdAndEpoch(-1, -1);
    private static final int FIRST_WITH_LEADERS = 10;

    private final ProduceRequest request;
    private final ProduceServices services;
    private final TopicPartition[] ids;
    private final Payload[] records;
    private final PartitionProduceResponse[] results;
    private final ProduceQuestions questions;

    ProduceInFlight(ProduceRequest request, RequestContext context, ProduceServices services) {
        super(context);
        this.services = services;
        this.request = request;
        this.questions =
                request.transactionalId() != null && services.verification().asksFor(version())
                        ? new ProduceQuestions(this, services.verification())
                        : null;
        int count = 0;
        for (TopicProduceData topic : request.topicData()) {
            count += topic.partitionData().size();
        }
        ids = new TopicPartition[count];
        records = new Payload[count];
        results = new PartitionProduceResponse[count];
        int item = 0;
        for (TopicProduceData topic : request.topicData()) {
            for (PartitionProduceData partition : topic.partitionData()) {
                ids[item] = new TopicPartition(topic.name(), partition.index());
                records[item++] = partition.records();
            }
        }
    }

    @Override
    protected Part part(PartitionOwner owner, int[] items) {
        if (questions != null) {
            questions.expectPart();
        }
        return new ProducePart(this, owner, items, services);
    }

    /** Has the parts served by the owners; on a processor's thread. */
    void serve(PartitionOwners owners) {
        split(ids, owners);
        if (questions != null) {
            questions.partsAreOut();
        }
    }

    /** {@return what is asked of the transaction's coordinator, null if the request has no transaction or nothing is asked} */
    ProduceQuestions questions() {
        return questions;
    }

    int itemCount() {
        return ids.length;
    }

    TopicPartition id(int item) {
        return ids[item];
    }

    /** {@return the records for a partition, null if there are none; a slice of the request} */
    Payload records(int item) {
        return records[item];
    }

    /** {@return the producer's name for its transactions, null if it has none} */
    String transactionalId() {
        return request.transactionalId();
    }

    short version() {
        return context().header().apiVersion();
    }

    short acks() {
        return request.acks();
    }

    int timeoutMs() {
        return request.timeoutMs();
    }

    /** Answers the same error for every partition. */
    void refuse(ErrorCode error) {
        for (int item = 0; item < ids.length; item++) {
            failed(item, error, null, List.of());
        }
        start();
    }

    void appended(int item, AppendResult result) {
        results[item] = new PartitionProduceResponse(
                ids[item].partition(),
                ErrorCode.NONE,
                result.firstOffset(),
                result.logAppendTimeMs(),
                result.logStartOffset(),
                List.of(),
                null,
                NO_LEADER);
    }

    void failed(
            int item, ErrorCode error, String message, List<ProduceResponse.BatchIndexAndErrorMessage> recordErrors) {
        results[item] = new PartitionProduceResponse(
                ids[item].partition(), error, -1, -1, -1, recordErrors, message, NO_LEADER);
    }

    @Override
    protected void answer() {
        if (request.acks() != 0) {
            List<NodeEndpoint> leaders = nameLeaders();
            context().respond(new ProduceResponse(byTopic(), leaders));
            return;
        }
        for (int item = 0; item < results.length; item++) {
            if (results[item].errorCode() != ErrorCode.NONE) {
                context().closeConnection("Produce with acks=0 to " + name(item) + " met " + results[item].errorCode());
                return;
            }
        }
        context().respondNothing();
    }

    /** Puts in who leads what this broker does not. {@return where those are} */
    private List<NodeEndpoint> nameLeaders() {
        if (context().header().apiVersion() < FIRST_WITH_LEADERS) {
            return List.of();
        }
        CurrentLeaders leaders = null;
        for (int item = 0; item < results.length; item++) {
            if (results[item].errorCode() == ErrorCode.NOT_LEADER_OR_FOLLOWER) {
                leaders = leaders == null ? services.lookup().leaders(context()) : leaders;
                PartitionInfo partition = leaders.leaderOf(ids[item]);
                if (partition != null) {
                    results[item] = elsewhere(item, new LeaderIdAndEpoch(partition.leader(), partition.leaderEpoch()));
                }
            }
        }
        return leaders == null ? List.of() : leaders.endpoints(NodeEndpoint::new);
    }

    private PartitionProduceResponse elsewhere(int item, LeaderIdAndEpoch leader) {
        return new PartitionProduceResponse(
                ids[item].partition(),
                ErrorCode.NOT_LEADER_OR_FOLLOWER,
                -1,
                -1,
                -1,
                List.of(),
                results[item].errorMessage(),
                leader);
    }

    private String name(int item) {
        return Quoted.text(ids[item].topic()) + "-" + ids[item].partition();
    }

    /** Without a response there is but one way to tell. */
    @Override
    protected void answerFailure(Throwable cause) {
        if (request.acks() == 0) {
            UnexpectedFailure.close(context(), cause);
        } else {
            super.answerFailure(cause);
        }
    }

    private List<TopicProduceResponse> byTopic() {
        List<TopicProduceResponse> topics = new ArrayList<>(request.topicData().size());
        List<PartitionProduceResponse> all = Arrays.asList(results);
        int item = 0;
        for (TopicProduceData topic : request.topicData()) {
            int end = item + topic.partitionData().size();
            topics.add(new TopicProduceResponse(topic.name(), all.subList(item, end)));
            item = end;
        }
        return topics;
    }
}
