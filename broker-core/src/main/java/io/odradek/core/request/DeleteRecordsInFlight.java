package io.odradek.core.request;

import io.odradek.core.partition.PartitionOwner;
import io.odradek.core.request.DeleteRecordsPart.Wishes;
import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.api.DeleteRecordsRequest;
import io.odradek.protocol.api.DeleteRecordsRequest.DeleteRecordsPartition;
import io.odradek.protocol.api.DeleteRecordsRequest.DeleteRecordsTopic;
import io.odradek.protocol.api.DeleteRecordsResponse;
import io.odradek.protocol.api.DeleteRecordsResponse.DeleteRecordsPartitionResult;
import io.odradek.protocol.api.DeleteRecordsResponse.DeleteRecordsTopicResult;
import io.odradek.protocol.errors.ErrorCode;
import java.util.ArrayList;
import java.util.List;

/** A DeleteRecords request on its way: where its partitions begin now, and whether that has been saved. */
final class DeleteRecordsInFlight extends SplitRequest {
    private static final long NO_LOW_WATERMARK = -1;

    private final DeleteRecordsRequest request;
    private final Wishes wishes;
    private final PartitionLookup lookup;
    private final LogStartStore starts;
    private final long[] lowWatermarks;
    private final ErrorCode[] errors;

    DeleteRecordsInFlight(
            DeleteRecordsRequest request,
            RequestContext context,
            Wishes wishes,
            PartitionLookup lookup,
            LogStartStore starts) {
        super(context);
        this.request = request;
        this.wishes = wishes;
        this.lookup = lookup;
        this.starts = starts;
        this.lowWatermarks = new long[wishes.ids().size()];
        this.errors = new ErrorCode[lowWatermarks.length];
    }

    @Override
    protected Part part(PartitionOwner owner, int[] items) {
        return new DeleteRecordsPart(this, owner, items, wishes, lookup, starts);
    }

    void deleted(int item, long lowWatermark) {
        lowWatermarks[item] = lowWatermark;
        errors[item] = ErrorCode.NONE;
    }

    void failed(int item, ErrorCode error) {
        lowWatermarks[item] = NO_LOW_WATERMARK;
        errors[item] = error;
    }

    @Override
    protected void answer() {
        List<DeleteRecordsTopicResult> topics = new ArrayList<>(request.topics().size());
        int item = 0;
        for (DeleteRecordsTopic topic : request.topics()) {
            List<DeleteRecordsPartitionResult> results =
                    new ArrayList<>(topic.partitions().size());
            for (DeleteRecordsPartition partition : topic.partitions()) {
                results.add(new DeleteRecordsPartitionResult(
                        partition.partitionIndex(), lowWatermarks[item], errors[item]));
                item++;
            }
            topics.add(new DeleteRecordsTopicResult(topic.name(), results));
        }
        context().respond(new DeleteRecordsResponse(topics));
    }
}
