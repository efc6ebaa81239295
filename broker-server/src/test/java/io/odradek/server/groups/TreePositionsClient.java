package io.odradek.server.groups;

import io.odradek.protocol.api.OffsetCommitRequest;
import io.odradek.protocol.api.OffsetCommitRequest.OffsetCommitRequestPartition;
import io.odradek.protocol.api.OffsetCommitRequest.OffsetCommitRequestTopic;
import io.odradek.protocol.api.OffsetCommitResponse;
import io.odradek.protocol.api.OffsetFetchRequest;
import io.odradek.protocol.api.OffsetFetchRequest.OffsetFetchRequestTopic;
import io.odradek.protocol.api.OffsetFetchResponse;
import io.odradek.protocol.api.OffsetFetchResponse.OffsetFetchResponsePartition;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.server.net.RawClient;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;

/** A client of before Kafka 0.9, which has the positions of its group in the cluster's tree. */
public final class TreePositionsClient implements AutoCloseable {
    private final RawClient client;

    public TreePositionsClient(String server) throws IOException {
        int colon = server.lastIndexOf(':');
        client = new RawClient(
                new InetSocketAddress(server.substring(0, colon), Integer.parseInt(server.substring(colon + 1))));
    }

    public ErrorCode commit(String group, String topic, int partition, long offset) throws IOException {
        var position = new OffsetCommitRequestPartition(partition, offset, -1, -1, "a note");
        var topics = List.of(new OffsetCommitRequestTopic(topic, List.of(position)));
        return client.ask(new OffsetCommitRequest(group, -1, "", null, -1, topics), 0, OffsetCommitResponse.class)
                .topics()
                .get(0)
                .partitions()
                .get(0)
                .errorCode();
    }

    /** {@return the offset, or the error where there is one} */
    public String fetch(String group, String topic, int partition) throws IOException {
        var topics = List.of(new OffsetFetchRequestTopic(topic, List.of(partition)));
        OffsetFetchResponsePartition found = client.ask(
                        new OffsetFetchRequest(group, topics, List.of(), false), 0, OffsetFetchResponse.class)
                .topics()
                .get(0)
                .partitions()
                .get(0);
        return found.errorCode() == ErrorCode.NONE
                ? Long.toString(found.committedOffset())
                : found.errorCode().name();
    }

    @Override
    public void close() throws IOException {
        client.close();
    }
}
