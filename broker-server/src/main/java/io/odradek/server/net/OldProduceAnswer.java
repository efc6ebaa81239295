package io.odradek.server.net;

import io.odradek.protocol.api.RequestHeader;
import io.odradek.protocol.api.ResponseHeader;
import io.odradek.protocol.api.ResponseHeaderCodec;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.wire.BytesPayload;
import io.odradek.protocol.wire.WireReader;
import io.odradek.protocol.wire.WireWriter;
import java.nio.ByteBuffer;

/**
 * The answer to Produce 0 to 2: UNSUPPORTED_VERSION for every partition that was named. The request is acks, timeout and
 * an array of topics with an array of partitions each; the response mirrors the arrays with an error code and an offset of
 * -1, to which version 1 added the throttle time and version 2 the append time (protocol guide).
 */
final class OldProduceAnswer {
    private static final int LEAST_TOPIC_BYTES = 6;
    private static final int LEAST_PARTITION_BYTES = 8;

    private OldProduceAnswer() {}

    /** {@return the encoded response, or null for acks=0, which has none} */
    static ByteBuffer to(RequestHeader header, WireReader in) {
        WireWriter out = WireWriter.heap(256);
        ResponseHeaderCodec.write(out, new ResponseHeader(header.correlationId()), (short) 0);
        short acks = in.readInt16();
        in.readInt32();
        int topics = in.readArrayLength(false, LEAST_TOPIC_BYTES);
        out.writeArrayLength(topics, false);
        for (int topic = 0; topic < topics; topic++) {
            out.writeString(in.readString(false), false);
            answerPartitions(header.apiVersion(), in, out);
        }
        if (header.apiVersion() >= 1) {
            out.writeInt32(0);
        }
        return acks == 0 ? null : ((BytesPayload) out.finish().parts().get(0)).buffer();
    }

    private static void answerPartitions(short version, WireReader in, WireWriter out) {
        int partitions = in.readArrayLength(false, LEAST_PARTITION_BYTES);
        out.writeArrayLength(partitions, false);
        for (int partition = 0; partition < partitions; partition++) {
            out.writeInt32(in.readInt32());
            in.readNullableRecords(false);
            out.writeErrorCode(ErrorCode.UNSUPPORTED_VERSION);
            out.writeInt64(-1);
            if (version >= 2) {
                out.writeInt64(-1);
            }
        }
    }
}
