package io.odradek.core.engine;

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
import java.util.function.Consumer;

/**
 * A request on its way through a {@link SimulatedBroker}: it is encoded, decoded from a buffer that turns to rubbish once
 * the broker has given it back, and its answer goes the same way. It is completed once, or else the test fails.
 */
final class SimulatedRequest implements RequestContext {
    private static final int FRAME_LENGTH_BYTES = 4;
    private static final byte RUBBISH = (byte) 0xAA;

    /** The bytes of an answer that are on their way. */
    private interface Sent {
        ByteBuffer bytes() throws IOException;
    }

    private final RequestHeader header;
    private final ApiKey api;
    private final ByteBuffer frame;
    private final Consumer<SimulatedRequest> completed;
    private Sent sent;
    private boolean done;
    private boolean gone;
    private ApiRequest decoded;
    private int stretchesOfWork = 1;
    private Runnable whenGone;

    /** @param completed is told, on the loop that completes it */
    SimulatedRequest(ApiKey api, int version, ApiRequest body, Consumer<SimulatedRequest> completed) {
        this.api = api;
        this.header = new RequestHeader(api.key(), (short) version, 1, "simulated");
        WireWriter out = WireWriter.heap(256);
        ApiCodecs.writeRequest(body, (short) version, out);
        this.frame = joined(out.finish());
        this.completed = completed;
    }

    /** Is decoded and handed to a broker. */
    void handTo(BrokerEngine engine) {
        decoded = ApiCodecs.readRequest(api, header.apiVersion(), new WireReader(frame.duplicate()));
        try {
            engine.receive(decoded, this);
        } finally {
            workEnds();
        }
    }

    /**
     * {@return the answer as the client decodes it; null if there is none, because none was wanted or because the
     * connection was closed}
     */
    ApiResponse answer() {
        if (sent == null) {
            return null;
        }
        try {
            return ApiCodecs.readResponse(api, header.apiVersion(), new WireReader(sent.bytes()));
        } catch (IOException e) {
            // The log file could not be read while it was sent.
            return null;
        }
    }

    boolean isDone() {
        return done;
    }

    /** The client closes its connection. */
    void leave() {
        gone = true;
        if (whenGone != null && !done) {
            whenGone.run();
        }
    }

    /** The connection breaks, because the broker is no more. */
    void drop() {
        if (!done) {
            complete(null);
        }
    }

    @Override
    public RequestHeader header() {
        return header;
    }

    @Override
    public ConnectionContext connection() {
        return new ConnectionContext("simulated", Peer.anonymous(InetAddress.getLoopbackAddress(), "PLAINTEXT"));
    }

    @Override
    public void respond(ApiResponse response) {
        WireWriter out = WireWriter.heap(256);
        ApiCodecs.writeResponse(response, header.apiVersion(), out);
        EncodedMessage message = out.finish();
        // Small parts are in memory already; slices of files are read when they are sent.
        complete(() -> joinedWithFiles(message));
    }

    @Override
    public void respondNothing() {
        complete(null);
    }

    @Override
    public void closeConnection(String reason) {
        gone = true;
        complete(null);
    }

    @Override
    public void fail(ErrorCode error, String message) {
        respond(ApiCodecs.errorResponse(api, header.apiVersion(), decoded, error, message));
    }

    @Override
    public void workBegins(int stretches) {
        if (stretchesOfWork == 0) {
            throw new IllegalStateException("Work on " + this + " begins when all of it has ended");
        }
        stretchesOfWork += stretches;
    }

    @Override
    public void workEnds() {
        stretchesOfWork--;
        if (stretchesOfWork == 0) {
            releaseBody();
        }
    }

    @Override
    public void whenGone(Runnable task) {
        if (gone && !done) {
            task.run();
        } else {
            whenGone = task;
        }
    }

    private void releaseBody() {
        Arrays.fill(frame.array(), RUBBISH);
    }

    @Override
    public boolean isGone() {
        return gone;
    }

    private void complete(Sent answer) {
        if (done) {
            throw new IllegalStateException(this + " is completed a second time");
        }
        done = true;
        sent = answer;
        releaseBody();
        completed.accept(this);
    }

    @Override
    public String toString() {
        return api + " " + header.apiVersion();
    }

    private static ByteBuffer joined(EncodedMessage message) {
        try {
            return joinedWithFiles(message);
        } catch (IOException e) {
            throw new AssertionError("A request holds no files", e);
        }
    }

    private static ByteBuffer joinedWithFiles(EncodedMessage message) throws IOException {
        ByteBuffer joined = ByteBuffer.allocate(message.sizeBytes());
        for (Payload part : message.parts()) {
            if (part instanceof FileSlice slice) {
                ByteBuffer read = ByteBuffer.allocate(slice.sizeBytes());
                slice.file().read(read, slice.position());
                joined.put(read.flip());
            } else {
                joined.put(((BytesPayload) part).buffer().duplicate());
            }
        }
        return joined.flip().position(FRAME_LENGTH_BYTES).slice();
    }
}
