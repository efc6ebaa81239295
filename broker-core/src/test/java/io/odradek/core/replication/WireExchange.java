package io.odradek.core.replication;

import io.odradek.core.transport.BrokerAnswer;
import io.odradek.core.transport.ConnectionContext;
import io.odradek.core.transport.Peer;
import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.api.ApiCodecs;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.ApiRequest;
import io.odradek.protocol.api.ApiResponse;
import io.odradek.protocol.api.RequestHeader;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.wire.BytesPayload;
import io.odradek.protocol.wire.EncodedMessage;
import io.odradek.protocol.wire.Payload;
import io.odradek.protocol.wire.WireReader;
import io.odradek.protocol.wire.WireWriter;
import io.odradek.storage.io.FileSlice;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** A request from one broker to another, and its answer, both encoded and decoded; the answer's bytes rot when it is closed. */
final class WireExchange implements RequestContext {
    private static final int FRAME_LENGTH_BYTES = 4;

    private final ApiKey api;
    private final short version;
    private final ApiRequest request;
    private final Consumer<BrokerAnswer> answered;

    WireExchange(ApiKey api, int version, ApiRequest request, Consumer<BrokerAnswer> answered) {
        this.api = api;
        this.version = (short) version;
        WireWriter out = WireWriter.heap(256);
        ApiCodecs.writeRequest(request, this.version, out);
        this.request = ApiCodecs.readRequest(api, this.version, new WireReader(joined(out.finish())));
        this.answered = answered;
    }

    void handTo(BiConsumer<ApiRequest, RequestContext> broker) {
        broker.accept(request, this);
    }

    private record Answer(ApiResponse response, ByteBuffer bytes) implements BrokerAnswer {
        @Override
        public void close() {
            Arrays.fill(bytes.array(), (byte) 0xAA);
        }
    }

    @Override
    public RequestHeader header() {
        return new RequestHeader(api.key(), version, 1, "broker");
    }

    @Override
    public ConnectionContext connection() {
        return new ConnectionContext("broker", 1, Peer.anonymous(InetAddress.getLoopbackAddress(), "PLAINTEXT"));
    }

    @Override
    public void respond(ApiResponse response) {
        WireWriter out = WireWriter.heap(256);
        ApiCodecs.writeResponse(response, version, out);
        ByteBuffer bytes = joined(out.finish());
        answered.accept(new Answer(ApiCodecs.readResponse(api, version, new WireReader(bytes.duplicate())), bytes));
    }

    @Override
    public void respondNothing() {
        throw new AssertionError("There is an answer to " + api);
    }

    @Override
    public void fail(ErrorCode error, String message) {
        respond(ApiCodecs.errorResponse(api, version, request, error, message));
    }

    @Override
    public void closeConnection(String reason) {
        answered.accept(null);
    }

    @Override
    public void workBegins(int stretches) {}

    @Override
    public void workEnds() {}

    @Override
    public void whenGone(Runnable task) {}

    @Override
    public boolean isGone() {
        return false;
    }

    private static ByteBuffer joined(EncodedMessage message) {
        ByteBuffer joined = ByteBuffer.allocate(message.sizeBytes());
        for (Payload part : message.parts()) {
            if (part instanceof FileSlice slice) {
                ByteBuffer read = ByteBuffer.allocate(slice.sizeBytes());
                try {
                    slice.file().read(read, slice.position());
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
                joined.put(read.flip());
            } else {
                joined.put(((BytesPayload) part).buffer().duplicate());
            }
        }
        return joined.flip().position(FRAME_LENGTH_BYTES).slice();
    }
}
