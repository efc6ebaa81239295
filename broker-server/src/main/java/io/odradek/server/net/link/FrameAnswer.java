package io.odradek.server.net.link;

import io.netty.buffer.ByteBuf;
import io.odradek.core.transport.BrokerAnswer;
import io.odradek.protocol.api.ApiCodecs;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.ApiResponse;
import io.odradek.protocol.api.ResponseHeader;
import io.odradek.protocol.api.ResponseHeaderCodec;
import io.odradek.protocol.wire.MalformedMessageException;
import io.odradek.protocol.wire.WireReader;
import io.odradek.server.net.frame.FrameMemory;
import io.odradek.server.net.frame.FrameReader;
import java.util.concurrent.atomic.AtomicReference;

/** An answer in the frame that it came in, which it keeps only if record data lie in it. */
public final class FrameAnswer implements BrokerAnswer {
    private final ApiResponse response;
    private final FrameMemory memory;
    private final AtomicReference<ByteBuf> frame;

    private FrameAnswer(ApiResponse response, ByteBuf frame, FrameMemory memory) {
        this.response = response;
        this.memory = memory;
        this.frame = new AtomicReference<>(frame);
    }

    /**
     * Decodes an answer, which becomes the owner of the frame.
     *
     * @throws MalformedMessageException if it is not an answer to this request; the frame is still the caller's then
     * @throws io.odradek.protocol.wire.MessageTooLargeException if it takes too much of the heap; the same holds
     */
    static FrameAnswer decode(ByteBuf frame, RequestEncoder.Encoded request, LinkParts parts) {
        WireReader in = new WireReader(frame.nioBuffer()).limitHeap(parts.mostDecodedBytes());
        short headerVersion = ApiCodecs.responseHeaderVersion(request.api(), request.version());
        ResponseHeader header = ResponseHeaderCodec.read(in, headerVersion);
        if (header.correlationId() != request.correlationId()) {
            throw new MalformedMessageException("it answered request " + header.correlationId() + " when "
                    + request.correlationId() + " was to be answered");
        }
        ApiResponse response = ApiCodecs.readResponse(request.api(), request.version(), in);
        in.expectEnd();
        FrameAnswer answer = new FrameAnswer(response, frame, parts.memory());
        if (request.api() != ApiKey.FETCH) {
            answer.close();
        }
        return answer;
    }

    @Override
    public ApiResponse response() {
        return response;
    }

    @Override
    public void close() {
        ByteBuf held = frame.getAndSet(null);
        if (held != null) {
            int bytes = held.readableBytes();
            held.release();
            memory.giveBack(FrameReader.chargeOf(bytes));
        }
    }
}
