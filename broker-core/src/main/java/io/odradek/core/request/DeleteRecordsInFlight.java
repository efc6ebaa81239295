package io.odradek.core.request;

import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.api.DeleteRecordsRequest;
import io.odradek.protocol.api.DeleteRecordsRequest.DeleteRecordsPartition;
import io.odradek.protocol.api.DeleteRecordsRequest.DeleteRecordsTopic;
import io.odradek.protocol.api.DeleteRecordsResponse;
import io.odradek.protocol.api.DeleteRecordsResponse.DeleteRecordsPartitionResult;
import io.odradek.protocol.api.DeleteRecordsResponse.DeleteRecordsTopicResult;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.storage.log.Log;
import java.util.ArrayList;
import java.util.List;

/** A DeleteRecords request on its way: which logs begin later, and then whether that has been saved. */
final class DeleteRecordsInFlight extends SplitRequest {
    private static final long NO_LOW_WATERMARK = -1;

    private final DeleteRecordsRequest request;
    private final Log[] logs;
    private final ErrorCode[] errors;

    DeleteRecordsInFlight(DeleteRecordsRequest request, RequestContext context, int items) {
        super(context);
        this.request = request;
        this.logs = new Log[items];
        this.errors = new ErrorCode[items];
    }

    void deleted(int item, Log log) {
        logs[item] = log;
        errors[item] = ErrorCode.NONE;
    }

    void failed(int item, ErrorCode error) {
        errors[item] = error;
    }

    /** Answers when all the beginnings are saved. */
    void save(LogStartStore starts) {
        int outstanding = 1;
        for (Log log : logs) {
            outstanding += log == null ? 0 : 1;
        }
        expectParts(outstanding);
        for (int i = 0; i < logs.length; i++) {
            int item = i;
            if (logs[item] != null) {
                starts.save(logs[item], failure -> {
                    if (failure != null) {
                        failed(item, ErrorCode.KAFKA_STORAGE_ERROR);
                    }
                    partDone();
                });
            }
        }
        partDone();
    }

    @Override
    protected void answer() {
        List<DeleteRecordsTopicResult> topics = new ArrayList<>(request.topics().size());
        int item = 0;
        for (DeleteRecordsTopic topic : request.topics()) {
            List<DeleteRecordsPartitionResult> results =
                    new ArrayList<>(topic.partitions().size());
            for (DeleteRecordsPartition partition : topic.partitions()) {
                boolean good = errors[item] == ErrorCode.NONE;
                results.add(new DeleteRecordsPartitionResult(
                        partition.partitionIndex(), good ? logs[item].startOffset() : NO_LOW_WATERMARK, errors[item]));
                item++;
            }
            topics.add(new DeleteRecordsTopicResult(topic.name(), results));
        }
        context().respond(new DeleteRecordsResponse(0, topics));
    }
}
