package io.odradek.core.simulation;

import io.odradek.core.transport.ConnectionContext;
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
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * A request on its way through a broker: it is encoded, decoded from a buffer that turns to rubbish once the broker has
 * given it back, and its answer goes the same way. It is completed once, or else the test fails.
 */
final class ServedRequest implements RequestContext {
    static final byte RUBBISH = (byte) 0xAA;
    private static final int FRAME_LENGTH_BYTES = 4;
    private static final int MOST_REQUEST_BYTES = 128;

    private final RequestHeader header;
    private final ApiKey api;
    private final ByteBuffer frame;
    private SimulatedSocket socket;
    private ApiRequest decoded;
    private EncodedMessage answer;
    private boolean done;
    private boolean gone;
    private boolean closesConnection;
    private int stretchesOfWork = 1;
    private Runnable whenGone;

    ServedRequest(ApiKey api, int version, int correlation, String clientId, ApiRequest body) {
        this.api = api;
        this.header = new RequestHeader(api.key(), (short) version, correlation, clientId);
        WireWriter out = WireWriter.heap(MOST_REQUEST_BYTES);
        ApiCodecs.writeRequest(body, (short) version, out);
        try {
            this.frame = joined(out.finish());
        } catch (IOException e) {
            throw new AssertionError("A request holds no files", e);
        }
    }

    /** {@return the request, decoded from what has arrived over a connection} */
    ApiRequest decode(SimulatedSocket arrivedBy) {
        socket = arrivedBy;
        decoded = ApiCodecs.readRequest(api, header.apiVersion(), new WireReader(frame.duplicate()));
        return decoded;
    }

    void handTo(SimulatedNode.Service service) {
        try {
            service.receive(decoded, this);
        } finally {
            workEnds();
        }
    }

    boolean isDone() {
        return done;
    }

    boolean closesConnection() {
        return closesConnection;
    }

    /** Reads what is to be sent. {@return false if a log file could not be read, so that the connection must be closed} */
    boolean readAnswer(Consumer<ByteBuffer> sender) {
        if (answer == null) {
            return true;
        }
        try {
            sender.accept(joined(answer));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** The connection is lost: nobody waits for the answer any more. */
    void clientLeft() {
        gone = true;
        if (whenGone != null && !done) {
            whenGone.run();
        }
    }

    @Override
    public RequestHeader header() {
        return header;
    }

    @Override
    public ConnectionContext connection() {
        return socket.context();
    }

    @Override
    public void respond(ApiResponse response) {
        WireWriter out = WireWriter.heap(MOST_REQUEST_BYTES);
        ApiCodecs.writeResponse(response, header.apiVersion(), out);
        answer = out.finish();
        complete();
    }

    @Override
    public void respondNothing() {
        complete();
    }

    @Override
    public void closeConnection(String reason) {
        closesConnection = true;
        complete();
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

    @Override
    public boolean isGone() {
        return gone;
    }

    private void releaseBody() {
        Arrays.fill(frame.array(), RUBBISH);
    }

    private void complete() {
        if (done) {
            throw new IllegalStateException(this + " is completed a second time");
        }
        done = true;
        releaseBody();
        socket.completed();
    }

    @Override
    public String toString() {
        return api + " " + header.apiVersion();
    }

    private static ByteBuffer joined(EncodedMessage message) throws IOException {
        ByteBuffer joined = ByteBuffer.allocate(message.sizeBytes());
        for (Payload part : message.parts()) {
            if (part instanceof FileSlice slice) {
                ByteBuffer read = ByteBuffer.allocate(slice.sizeBytes());
                slice.file().read(read, slice.position());
                if (read.hasRemaining()) {
                    throw new IOException("There is less in " + slice.file() + " than is to be sent");
                }
                joined.put(read.flip());
            } else {
                joined.put(((BytesPayload) part).buffer().duplicate());
            }
        }
        return joined.flip().position(FRAME_LENGTH_BYTES).slice();
    }
}
