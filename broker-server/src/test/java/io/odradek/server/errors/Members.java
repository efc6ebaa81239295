package io.odradek.server.errors;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.JoinGroupRequest;
import io.odradek.protocol.api.JoinGroupRequest.JoinGroupRequestProtocol;
import io.odradek.protocol.api.JoinGroupResponse;
import io.odradek.protocol.api.SyncGroupRequest;
import io.odradek.protocol.api.SyncGroupRequest.SyncGroupRequestAssignment;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.server.net.RawClient;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Members of groups, as bytes. */
final class Members {
    /** A join that needs no member id beforehand. */
    static final int JOIN = 3;

    static final int STATIC_JOIN = 5;
    static final int SYNC = 5;
    private static final int CORRELATION = 5;

    private Members() {}

    static JoinGroupRequest join(String group, String member, String instance) {
        return join(group, member, instance, "consumer", 10_000, subscription("t"), "range");
    }

    static JoinGroupRequest join(
            String group,
            String member,
            String instance,
            String type,
            int sessionMs,
            ByteBuffer metadata,
            String... protocols) {
        List<JoinGroupRequestProtocol> offered = List.of(protocols).stream()
                .map(name -> new JoinGroupRequestProtocol(name, metadata.duplicate()))
                .toList();
        return new JoinGroupRequest(group, sessionMs, 30_000, member, instance, type, offered, "");
    }

    /** {@return version 0 of what a consumer says of itself: one topic, and no more} */
    static ByteBuffer subscription(String topic) {
        byte[] name = topic.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(2 + 4 + 2 + name.length + 4)
                .putShort((short) 0)
                .putInt(1)
                .putShort((short) name.length)
                .put(name)
                .putInt(-1)
                .flip();
    }

    static SyncGroupRequest sync(String group, int generation, String member, String instance, String... assigned) {
        List<SyncGroupRequestAssignment> assignments = List.of(assigned).stream()
                .map(id -> new SyncGroupRequestAssignment(id, ByteBuffer.wrap(new byte[] {1, 2})))
                .toList();
        return new SyncGroupRequest(group, generation, member, instance, "consumer", "range", assignments);
    }

    /** A group's only member, in a stable generation. {@return how it joined} */
    static JoinGroupResponse stable(ErrorsBed bed, JoinGroupRequest join, int version) throws IOException {
        JoinGroupResponse joined = bed.ask(join, version, JoinGroupResponse.class);
        assertThat(joined.errorCode()).isEqualTo(ErrorCode.NONE);
        SyncGroupRequest sync = new SyncGroupRequest(
                join.groupId(),
                joined.generationId(),
                joined.memberId(),
                join.groupInstanceId(),
                join.protocolType(),
                joined.protocolName(),
                List.of(new SyncGroupRequestAssignment(joined.memberId(), ByteBuffer.wrap(new byte[] {1, 2}))));
        assertThat(bed.errors(sync, SYNC)).isEmpty();
        return joined;
    }

    /** A join that waits for the others; {@link #joined} reads what comes of it. */
    static RawClient joining(ErrorsBed bed, JoinGroupRequest join, int version) throws IOException {
        RawClient client = bed.connect();
        client.send(join, (short) version, CORRELATION);
        return client;
    }

    static JoinGroupResponse joined(RawClient client, int version) throws IOException {
        return client.answer(ApiKey.JOIN_GROUP, version, CORRELATION, JoinGroupResponse.class);
    }
}
