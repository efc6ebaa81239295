package io.odradek.benchmarks;

import io.odradek.protocol.wire.BytesPayload;
import io.odradek.protocol.wire.EncodedMessage;
import io.odradek.protocol.wire.Payload;
import io.odradek.protocol.wire.WireWriter;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/** Encoding as the broker does it, and the bytes of a message as a frame brings them. */
final class WireSamples {
    private static final int FIRST_CAPACITY_BYTES = 512;

    private WireSamples() {}

    /** {@return a message written into heap memory, as responses are} */
    static EncodedMessage encode(Consumer<WireWriter> message) {
        WireWriter out = WireWriter.heap(FIRST_CAPACITY_BYTES);
        message.accept(out);
        return out.finish();
    }

    /** {@return the message without the frame's length, in one piece of direct memory, as frames are received} */
    static ByteBuffer body(EncodedMessage message) {
        ByteBuffer all = ByteBuffer.allocateDirect(message.sizeBytes());
        for (Payload part : message.parts()) {
            all.put(((BytesPayload) part).buffer().duplicate());
        }
        return all.flip().position(Integer.BYTES).slice();
    }
}
