package io.odradek.core.transport;

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

/**
 * A request on its way through a simulated broker: it is encoded, decoded from a buffer that turns to rubbish once the broker
 * has given it back, and its answer goes the same way. It is completed once, or else the test fails.
 */
public abstract class EncodedRequest implements RequestContext {
    /** What a buffer is full of that has been given back. */
    public static final byte RUBBISH = (byte) 0xAA;

    private static final int FRAME_LENGTH_BYTES = 4;
    private static final int MOST_REQUEST_BYTES = 128;

    private final RequestHeader header;
    private final ApiKey api;
    private final ByteBuffer frame;
    private ApiRequest decoded;
    private EncodedMessage answer;
    private boolean done;
    private boolean gone;
    private boolean closesConnection;
    private int stretchesOfWork = 1;
    private Runnable whenGone;

    protected EncodedRequest(ApiKey api, int version, int correlation, String clientId, ApiRequest body) {
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

    /** It is done with, and {@link #readAnswer} has what the broker said. On the loop that completes it. */
    protected abstract void completed();

    /** {@return the request, decoded from what has arrived} */
    protected final ApiRequest decode() {
        decoded = ApiCodecs.readRequest(api, header.apiVersion(), new WireReader(frame.duplicate()));
        return decoded;
    }

    protected final ApiKey api() {
        return api;
    }

    public final boolean isDone() {
        return done;
    }

    /** {@return whether the broker wants the connection closed, in place of an answer} */
    public final boolean closesConnection() {
        return closesConnection;
    }

    /**
     * Reads what is to be sent: small parts are in memory already, slices of files are read now.
     *
     * @return null if there is no answer
     * @throws IOException if a log file cannot be read
     */
    public final ByteBuffer readAnswer() throws IOException {
        return answer == null ? null : joined(answer);
    }

    /** The connection is lost: nobody waits for the answer any more. */
    public final void clientLeft() {
        gone = true;
        if (whenGone != null && !done) {
            whenGone.run();
        }
    }

    @Override
    public final int sizeBytes() {
        return frame.remaining();
    }

    @Override
    public final RequestHeader header() {
        return header;
    }

    @Override
    public final void respond(ApiResponse response) {
        WireWriter out = WireWriter.heap(MOST_REQUEST_BYTES);
        ApiCodecs.writeResponse(response, header.apiVersion(), out);
        complete(out.finish());
    }

    @Override
    public final void respondNothing() {
        complete(null);
    }

    @Override
    public final void closeConnection(String reason) {
        closesConnection = true;
        complete(null);
    }

    @Override
    public final void fail(ErrorCode error, String message) {
        respond(ApiCodecs.errorResponse(api, header.apiVersion(), decoded, error, message));
    }

    @Override
    public final void workBegins(int stretches) {
        if (stretchesOfWork == 0) {
            throw new IllegalStateException("Work on " + this + " begins when all of it has ended");
        }
        stretchesOfWork += stretches;
    }

    @Override
    public final void workEnds() {
        stretchesOfWork--;
        if (stretchesOfWork == 0) {
            releaseBody();
        }
    }

    @Override
    public final void whenGone(Runnable task) {
        if (gone && !done) {
            task.run();
        } else {
            whenGone = task;
        }
    }

    @Override
    public final boolean isGone() {
        return gone;
    }

    private void releaseBody() {
        Arrays.fill(frame.array(), RUBBISH);
    }

    private void complete(EncodedMessage message) {
        if (done) {
            throw new IllegalStateException(this + " is completed a second time");
        }
        done = true;
        answer = message;
        releaseBody();
        completed();
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
