package io.odradek.server.embedded;

import io.odradek.core.metadata.MetadataImage;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.DeleteRecordsRequest;
import io.odradek.protocol.api.DeleteRecordsRequest.DeleteRecordsPartition;
import io.odradek.protocol.api.DeleteRecordsRequest.DeleteRecordsTopic;
import io.odradek.protocol.api.DeleteRecordsResponse;
import io.odradek.protocol.api.DeleteRecordsResponse.DeleteRecordsPartitionResult;
import io.odradek.protocol.api.IncrementalAlterConfigsRequest;
import io.odradek.protocol.api.IncrementalAlterConfigsRequest.AlterConfigsResource;
import io.odradek.protocol.api.IncrementalAlterConfigsRequest.AlterableConfig;
import io.odradek.protocol.api.IncrementalAlterConfigsResponse;
import io.odradek.protocol.api.IncrementalAlterConfigsResponse.AlterConfigsResourceResponse;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.server.inspect.Questions;
import java.util.List;

/** Empties topics by asking the leaders of their partitions. */
final class RecordDeletion {
    private static final int VERSION = 2;
    private static final int ALTER_VERSION = 1;
    private static final int TIMEOUT_MS = 30_000;
    private static final int TO_THE_END = -1;
    private static final byte TOPIC = 2;
    private static final byte APPEND = 2;
    private static final byte SUBTRACT = 3;

    private final Questions questions;

    RecordDeletion(Questions questions) {
        this.questions = questions;
    }

    /**
     * Deletes all records of a topic; its partitions go on at the offsets they had come to. One that is compacted lets nobody
     * delete its records: for as long as that takes its {@code cleanup.policy} has {@code delete} too.
     */
    void empty(String topic) {
        int partitions = questions.topic(topic).partitions().size();
        boolean allowed = false;
        try {
            for (int index = 0; index < partitions; index++) {
                if (!empty(topic, index, allowed)) {
                    alter(topic, APPEND);
                    allowed = true;
                    empty(topic, index, true);
                }
            }
        } finally {
            if (allowed) {
                alter(topic, SUBTRACT);
            }
        }
    }

    /**
     * Empties a partition.
     *
     * @param allowed whether its topic has been told to let that be done, of which the leader may not have heard yet
     * @return false if the topic has to be told so first
     */
    private boolean empty(String topic, int index, boolean allowed) {
        return questions.patiently(() -> {
            ErrorCode error = ask(topic, index);
            boolean refused = error == ErrorCode.POLICY_VIOLATION;
            if (refused && !allowed) {
                return false;
            }
            Questions.require(refused ? ErrorCode.REQUEST_TIMED_OUT : error, "Emptying " + topic + "-" + index, null);
            return true;
        });
    }

    private ErrorCode ask(String topic, int index) {
        MetadataImage.PartitionInfo info = questions.topic(topic).partitions().get(index);
        DeleteRecordsPartition all = new DeleteRecordsPartition(index, TO_THE_END);
        DeleteRecordsPartitionResult result = questions
                .ask(
                        info.leader(),
                        ApiKey.DELETE_RECORDS,
                        VERSION,
                        new DeleteRecordsRequest(List.of(new DeleteRecordsTopic(topic, List.of(all))), TIMEOUT_MS),
                        DeleteRecordsResponse.class)
                .topics()
                .get(0)
                .partitions()
                .get(0);
        return result.errorCode();
    }

    private void alter(String topic, byte operation) {
        AlterableConfig change = new AlterableConfig("cleanup.policy", operation, "delete");
        IncrementalAlterConfigsRequest request = new IncrementalAlterConfigsRequest(
                List.of(new AlterConfigsResource(TOPIC, topic, List.of(change))), false);
        questions.patiently(() -> {
            AlterConfigsResourceResponse result = questions
                    .ask(
                            questions.ids().first(),
                            ApiKey.INCREMENTAL_ALTER_CONFIGS,
                            ALTER_VERSION,
                            request,
                            IncrementalAlterConfigsResponse.class)
                    .responses()
                    .get(0);
            Questions.require(result.errorCode(), "Emptying " + topic, result.errorMessage());
            return null;
        });
    }
}
