package io.odradek.server.net;

import io.odradek.protocol.api.AddPartitionsToTxnResponse;
import io.odradek.protocol.api.AlterConfigsResponse;
import io.odradek.protocol.api.ApiResponse;
import io.odradek.protocol.api.CreatePartitionsResponse;
import io.odradek.protocol.api.CreateTopicsResponse;
import io.odradek.protocol.api.DeleteGroupsResponse;
import io.odradek.protocol.api.DeleteRecordsResponse;
import io.odradek.protocol.api.DeleteTopicsResponse;
import io.odradek.protocol.api.DescribeConfigsResponse;
import io.odradek.protocol.api.DescribeGroupsResponse;
import io.odradek.protocol.api.FetchResponse;
import io.odradek.protocol.api.FindCoordinatorResponse;
import io.odradek.protocol.api.IncrementalAlterConfigsResponse;
import io.odradek.protocol.api.ListOffsetsResponse;
import io.odradek.protocol.api.MetadataResponse;
import io.odradek.protocol.api.OffsetCommitResponse;
import io.odradek.protocol.api.OffsetFetchResponse;
import io.odradek.protocol.api.OffsetForLeaderEpochResponse;
import io.odradek.protocol.api.ProduceResponse;
import io.odradek.protocol.api.TxnOffsetCommitResponse;
import io.odradek.protocol.errors.ErrorCode;
import java.util.function.Consumer;

/**
 * The errors in a response, NONE included, as Kafka counts them: of what is asked for of many topics, partitions, groups or
 * resources at once, one for each of these; of all else, one for the whole.
 */
final class AnsweredErrors {
    private AnsweredErrors() {}

    /** Hands each to somebody who counts; of what comes most often, without an object for each topic. */
    static void of(ApiResponse response, Consumer<ErrorCode> counts) {
        if (response instanceof ProduceResponse produced) {
            for (ProduceResponse.TopicProduceResponse topic : produced.responses()) {
                for (ProduceResponse.PartitionProduceResponse each : topic.partitionResponses()) {
                    counts.accept(each.errorCode());
                }
            }
        } else if (response instanceof FetchResponse fetched) {
            counts.accept(fetched.errorCode());
            for (FetchResponse.FetchableTopicResponse topic : fetched.responses()) {
                for (FetchResponse.PartitionData each : topic.partitions()) {
                    counts.accept(each.errorCode());
                }
            }
        } else if (response instanceof MetadataResponse told) {
            told.topics().forEach(topic -> {
                topic.partitions().forEach(each -> counts.accept(each.errorCode()));
                counts.accept(topic.errorCode());
            });
        } else if (response instanceof ListOffsetsResponse listed) {
            listed.topics().forEach(topic -> topic.partitions().forEach(each -> counts.accept(each.errorCode())));
        } else if (response instanceof OffsetForLeaderEpochResponse told) {
            told.topics().forEach(topic -> topic.partitions().forEach(each -> counts.accept(each.errorCode())));
        } else if (response instanceof DeleteRecordsResponse deleted) {
            deleted.topics().forEach(topic -> topic.partitions().forEach(each -> counts.accept(each.errorCode())));
        } else {
            ofGroups(response, counts);
        }
    }

    private static void ofGroups(ApiResponse response, Consumer<ErrorCode> counts) {
        if (response instanceof OffsetCommitResponse committed) {
            committed.topics().forEach(topic -> topic.partitions().forEach(each -> counts.accept(each.errorCode())));
        } else if (response instanceof TxnOffsetCommitResponse committed) {
            committed.topics().forEach(topic -> topic.partitions().forEach(each -> counts.accept(each.errorCode())));
        } else if (response instanceof OffsetFetchResponse fetched) {
            if (fetched.groups().isEmpty()) {
                counts.accept(fetched.errorCode());
                fetched.topics().forEach(topic -> topic.partitions().forEach(each -> counts.accept(each.errorCode())));
            }
            fetched.groups().forEach(group -> {
                counts.accept(group.errorCode());
                group.topics().forEach(topic -> topic.partitions().forEach(each -> counts.accept(each.errorCode())));
            });
        } else if (response instanceof FindCoordinatorResponse found
                && !found.coordinators().isEmpty()) {
            found.coordinators().forEach(each -> counts.accept(each.errorCode()));
        } else if (response instanceof AddPartitionsToTxnResponse added) {
            if (added.resultsByTopicV3AndBelow().isEmpty()) {
                counts.accept(added.errorCode());
            }
            added.resultsByTopicV3AndBelow()
                    .forEach(topic ->
                            topic.resultsByPartition().forEach(each -> counts.accept(each.partitionErrorCode())));
            added.resultsByTransaction()
                    .forEach(transaction -> transaction
                            .topicResults()
                            .forEach(topic -> topic.resultsByPartition()
                                    .forEach(each -> counts.accept(each.partitionErrorCode()))));
        } else if (response instanceof DescribeGroupsResponse described) {
            described.groups().forEach(each -> counts.accept(each.errorCode()));
        } else if (response instanceof DeleteGroupsResponse deleted) {
            deleted.results().forEach(each -> counts.accept(each.errorCode()));
        } else {
            ofAdministration(response, counts);
        }
    }

    private static void ofAdministration(ApiResponse response, Consumer<ErrorCode> counts) {
        if (response instanceof CreateTopicsResponse created) {
            created.topics().forEach(each -> counts.accept(each.errorCode()));
        } else if (response instanceof DeleteTopicsResponse deleted) {
            deleted.responses().forEach(each -> counts.accept(each.errorCode()));
        } else if (response instanceof CreatePartitionsResponse created) {
            created.results().forEach(each -> counts.accept(each.errorCode()));
        } else if (response instanceof DescribeConfigsResponse described) {
            described.results().forEach(each -> counts.accept(each.errorCode()));
        } else if (response instanceof AlterConfigsResponse altered) {
            altered.responses().forEach(each -> counts.accept(each.errorCode()));
        } else if (response instanceof IncrementalAlterConfigsResponse altered) {
            altered.responses().forEach(each -> counts.accept(each.errorCode()));
        } else {
            counts.accept(response.errorCode());
        }
    }
}
