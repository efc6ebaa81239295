package io.odradek.server.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.odradek.core.request.SupportedApis;
import io.odradek.core.transport.ConnectionContext;
import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.api.ApiCodecs;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.ApiResponse;
import io.odradek.protocol.api.RequestHeader;
import io.odradek.protocol.api.ResponseHeader;
import io.odradek.protocol.api.ResponseHeaderCodec;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.wire.EncodedMessage;
import io.odradek.protocol.wire.WireWriter;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A request in work, and its place in the order of its connection's responses. It is completed once, from any thread
 * ({@code completed}); then the connection's loop finds it {@code ready} and sends what it carries when its turn comes.
 */
final class RequestSlot implements RequestContext, ChannelFutureListener {
    private static final int FIRST_RESPONSE_BYTES = 256;
    private static final Runnable NOTHING = () -> {};

    private final Connection connection;
    private final RequestHeader header;
    private final int requestBytes;
    private final AtomicReference<ByteBuf> body;
    private final AtomicBoolean completed = new AtomicBoolean();
    private final AtomicBoolean permitHeld = new AtomicBoolean(true);
    private final AtomicInteger stretchesOfWork = new AtomicInteger(1);
    private final AtomicReference<Runnable> whenGone = new AtomicReference<>();
    private EncodedMessage message;
    private volatile boolean ready;

    /** The slot of the connection's next request; on its loop only. */
    RequestSlot next;

    /**
     * @param body the frame, which this slot releases
     * @param requestBytes what the permit was taken for
     */
    RequestSlot(Connection connection, RequestHeader header, ByteBuf body, int requestBytes) {
        this.connection = connection;
        this.header = header;
        this.body = new AtomicReference<>(body);
        this.requestBytes = requestBytes;
    }

    @Override
    public RequestHeader header() {
        return header;
    }

    @Override
    public ConnectionContext connection() {
        return connection.context();
    }

    @Override
    public void respond(ApiResponse response) {
        claim();
        EncodedMessage encoded;
        try {
            encoded = encode(response);
        } catch (RuntimeException fault) {
            connection.failed("Response to " + header + " cannot be encoded", fault);
            giveBack();
            return;
        }
        complete(encoded);
    }

    /** Answers with a message that has been encoded already. */
    void respondEncoded(EncodedMessage encoded) {
        claim();
        complete(encoded);
    }

    @Override
    public void respondNothing() {
        claim();
        complete(null);
    }

    @Override
    public void closeConnection(String reason) {
        claim();
        connection.close(reason);
        giveBack();
    }

    /** Gives back what the request holds, after an error that kept it from being handed on. */
    void abandon() {
        if (completed.compareAndSet(false, true)) {
            giveBack();
        }
    }

    @Override
    public void fail(ErrorCode error, String message) {
        closeConnection(header + " met " + error + ": " + message);
    }

    @Override
    public void workBegins(int stretches) {
        stretchesOfWork.addAndGet(stretches);
    }

    @Override
    public void workEnds() {
        if (stretchesOfWork.decrementAndGet() == 0) {
            giveBack();
        }
    }

    @Override
    public void whenGone(Runnable task) {
        Runnable before = whenGone.get();
        while (before != NOTHING && !whenGone.compareAndSet(before, task)) {
            before = whenGone.get();
        }
        if (before == NOTHING && connection.isGone() && !completed.get()) {
            task.run();
        }
    }

    /** The client has left; on the connection's loop. */
    void gone() {
        Runnable task = whenGone.getAndSet(NOTHING);
        if (task != null && !completed.get()) {
            task.run();
        }
    }

    /** Gives the frame back early; may be called again. */
    void releaseBody() {
        ByteBuf buffer = body.getAndSet(null);
        if (buffer != null) {
            buffer.release();
        }
    }

    @Override
    public boolean isGone() {
        return connection.isGone();
    }

    /** {@return whether it has been completed and may be sent} */
    boolean ready() {
        return ready;
    }

    /** {@return the response; null if there is none} */
    EncodedMessage message() {
        return message;
    }

    /** Called when the response has left, or never will. */
    @Override
    public void operationComplete(ChannelFuture future) {
        connection.sent(message.sizeBytes());
    }

    private void claim() {
        if (!completed.compareAndSet(false, true)) {
            throw new IllegalStateException("A request was completed twice: " + header);
        }
    }

    private void complete(EncodedMessage encoded) {
        releaseBody();
        message = encoded;
        connection.completing(encoded == null ? 0 : encoded.sizeBytes());
        ready = true;
        returnPermit();
        connection.completed();
    }

    /** Without becoming ready: if there is no answer, no later one may take its place while the connection is closed. */
    private void giveBack() {
        releaseBody();
        returnPermit();
    }

    private void returnPermit() {
        if (permitHeld.compareAndSet(true, false)) {
            connection.returnPermit(requestBytes);
        }
    }

    private EncodedMessage encode(ApiResponse response) {
        ApiKey api = ApiKey.of(header.apiKey());
        short version = header.apiVersion();
        if (api == ApiKey.API_VERSIONS && !SupportedApis.CLIENT.serves(header.apiKey(), version)) {
            version = 0;
        }
        WireWriter out = WireWriter.heap(FIRST_RESPONSE_BYTES);
        ResponseHeaderCodec.write(
                out, new ResponseHeader(header.correlationId()), ApiCodecs.responseHeaderVersion(api, version));
        ApiCodecs.writeResponse(response, version, out);
        return out.finish();
    }
}
