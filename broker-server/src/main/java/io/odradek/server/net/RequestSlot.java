package io.odradek.server.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.odradek.core.fetch.FetchLimits;
import io.odradek.core.quota.ClientCharge;
import io.odradek.core.quota.ClientQuotas;
import io.odradek.core.request.SupportedApis;
import io.odradek.core.transport.ConnectionContext;
import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.api.ApiCodecs;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.ApiRequest;
import io.odradek.protocol.api.ApiResponse;
import io.odradek.protocol.api.FetchRequest;
import io.odradek.protocol.api.ProduceRequest;
import io.odradek.protocol.api.RequestHeader;
import io.odradek.protocol.api.ResponseHeader;
import io.odradek.protocol.api.ResponseHeaderCodec;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.wire.BytesPayload;
import io.odradek.protocol.wire.EncodedMessage;
import io.odradek.protocol.wire.Payload;
import io.odradek.protocol.wire.WireWriter;
import io.odradek.server.net.frame.FrameReader;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;

/**
 * A request in work or waiting, and its place in the order of its connection's responses. It is completed once, from any
 * thread; then the connection's loop finds it {@code ready} and sends what it carries when its turn comes.
 *
 * <p>What it holds is given back once, whatever happens first: the permit and the frame when it is completed or its work
 * ends; the heap of its body when it is completed, or its client has gone and its work has ended. Each of these is a bit
 * that is set and never cleared; who sets it first does what it stands for.
 */
final class RequestSlot implements RequestContext, ChannelFutureListener {
    private static final int FIRST_RESPONSE_BYTES = 256;
    private static final Runnable NOTHING = () -> {};

    /** One of the ways to answer was taken. */
    private static final int COMPLETED = 1;
    /** The client left before that. */
    private static final int GONE = 1 << 1;
    /** Its work ended before either. */
    private static final int PARKED = 1 << 2;
    /** The permit is back. */
    private static final int PERMIT_BACK = 1 << 3;

    private static final AtomicIntegerFieldUpdater<RequestSlot> PASSED =
            AtomicIntegerFieldUpdater.newUpdater(RequestSlot.class, "passed");
    private static final AtomicIntegerFieldUpdater<RequestSlot> WORK =
            AtomicIntegerFieldUpdater.newUpdater(RequestSlot.class, "stretchesOfWork");
    private static final AtomicReferenceFieldUpdater<RequestSlot, ByteBuf> FRAME =
            AtomicReferenceFieldUpdater.newUpdater(RequestSlot.class, ByteBuf.class, "frame");
    private static final AtomicReferenceFieldUpdater<RequestSlot, Runnable> WHEN_GONE =
            AtomicReferenceFieldUpdater.newUpdater(RequestSlot.class, Runnable.class, "whenGone");

    private final Connection connection;
    private final RequestHeader header;
    private final int requestBytes;
    private final long heapBytes;
    private final RequestMeters.Times times;
    private volatile ApiRequest request;
    private volatile ByteBuf frame;
    private volatile int stretchesOfWork = 1;
    private volatile int passed;
    private volatile Runnable whenGone;
    private EncodedMessage message;
    private int responseBytes;
    private long responseMemoryBytes;
    private volatile boolean ready;
    private volatile boolean last;
    private ClientCharge charge;
    private int throttleMs;

    /** The slot of the connection's next request; on its loop only. */
    RequestSlot next;

    /**
     * @param decoded the request
     * @param frame its bytes, which this slot releases
     * @param requestBytes what the permit was taken for
     */
    RequestSlot(Connection connection, RequestDecoder.Decoded decoded, ByteBuf frame, int requestBytes) {
        this.connection = connection;
        this.header = decoded.header();
        this.request = decoded instanceof RequestDecoder.Decoded.Served served ? served.body() : null;
        this.heapBytes = decoded.heapBytes();
        this.frame = frame;
        this.requestBytes = requestBytes;
        RequestMeters meters = connection.shared().meters();
        this.times = meters == null ? null : meters.arrived(header, requestBytes, isOfFollower());
    }

    /**
     * Has its client pay for it. Called before the request is handed on.
     *
     * @param beganNs when this thread began with it
     */
    void chargeTo(ClientQuotas quotas, long beganNs) {
        if (!isOfFollower()) {
            charge = quotas.charge(connection.context().peer(), header, beganNs);
        }
    }

    @Override
    public ClientCharge charge() {
        return charge;
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
    public int sizeBytes() {
        return requestBytes;
    }

    private boolean isOfFollower() {
        return request instanceof FetchRequest fetch && FetchLimits.replicaId(fetch, header.apiVersion()) >= 0;
    }

    @Override
    public void respond(ApiResponse response) {
        ApiRequest asked = request;
        int before = complete(true);
        if (times != null) {
            times.answeredWith(response);
        }
        EncodedMessage encoded = null;
        try {
            encoded = connection.isGone() ? null : encodeOrFail(response, asked);
        } finally {
            sendOrGiveBack(encoded, before);
        }
    }

    /** Answers, and ends the connection when the answer has left. */
    void respondLast(ApiResponse response) {
        last = true;
        respond(response);
    }

    /** Answers with a message that has been encoded already. */
    void respondEncoded(EncodedMessage encoded) {
        send(encoded, complete(true));
    }

    @Override
    public void respondNothing() {
        int before = complete(false);
        send(null, before);
        if (times != null) {
            times.answeredWith(ErrorCode.NONE);
            times.sent(0, connection.shared().clock().monotonicNs(), header, connection.context());
        }
    }

    @Override
    public void fail(ErrorCode error, String text) {
        ApiRequest asked = request;
        if (!connection.isGone() && !hasPlaceForError(asked)) {
            closeConnection(what() + " met " + error + ", and has no answer to say so");
            return;
        }
        int before = complete(true);
        if (times != null) {
            times.answeredWith(error);
        }
        EncodedMessage encoded = null;
        try {
            encoded = connection.isGone() ? null : encodeError(asked, error, text);
        } finally {
            sendOrGiveBack(encoded, before);
        }
    }

    /** Refuses a request that was not decoded: with an answer, if its API has one that needs nothing of the request. */
    void refuseUnread(String why) {
        releaseBody();
        if (ApiCodecs.hasErrorOfItsOwn(api(), header.apiVersion())) {
            connection
                    .shared()
                    .log()
                    .warn("Refusing " + what() + " from " + connection.context().id() + ": " + why);
            respond(ApiCodecs.errorResponse(api(), header.apiVersion(), null, ErrorCode.INVALID_REQUEST, why));
        } else {
            closeConnection(what() + ": " + why);
        }
    }

    @Override
    public void closeConnection(String reason) {
        int before = complete(false);
        connection.close(reason);
        giveBack(before);
    }

    /** A fault of this broker kept the request from being served: says so, in the log and to the client. */
    void failed(Throwable fault) {
        connection.shared().log().error(what() + " from " + connection.context().id() + " failed", fault);
        if ((passed & COMPLETED) == 0) {
            fail(ErrorCode.UNKNOWN_SERVER_ERROR, null);
        }
    }

    @Override
    public void workBegins(int stretches) {
        WORK.addAndGet(this, stretches);
    }

    /** Its handler has been called and has returned. */
    void handedOver() {
        if (times != null) {
            times.handedOver();
        }
    }

    @Override
    public void begins() {
        if (times != null) {
            times.begins();
        }
        if (charge != null) {
            charge.begins();
        }
    }

    @Override
    public void ends() {
        if (charge != null) {
            charge.ends();
        }
    }

    /** The way in has handed it on, or all is done already. */
    void taken() {
        if (charge != null) {
            charge.handedOn();
        }
    }

    /** Finds out for how long its client is to rest, now that it is answered. Who has left meanwhile pays all the same. */
    private void reckon(boolean acknowledged) {
        if (charge == null) {
            return;
        }
        throttleMs = api() == ApiKey.PRODUCE ? charge.produced(requestBytes, acknowledged) : charge.answered();
        if (times != null) {
            times.throttled(throttleMs);
        }
    }

    /** {@return for how long its client is to rest after the answer, in milliseconds} */
    int throttleMs() {
        return throttleMs;
    }

    @Override
    public void workEnds() {
        if (WORK.decrementAndGet(this) > 0) {
            return;
        }
        if ((passed & COMPLETED) == 0) {
            if (times != null) {
                times.parked();
            }
            int before = pass(PARKED | PERMIT_BACK);
            if ((before & (COMPLETED | GONE | PARKED)) == 0) {
                if (isOfFollower()) {
                    connection.parked().isFollowers();
                }
                connection.shared().memory().parked().add(connection.parked(), heapBytes);
            }
            discharge(before, PARKED);
            giveBack(before);
        }
    }

    @Override
    public void whenGone(Runnable task) {
        Runnable before;
        do {
            before = whenGone;
        } while (before != NOTHING && !WHEN_GONE.compareAndSet(this, before, task));
        if ((passed & COMPLETED) != 0) {
            whenGone = NOTHING;
        } else if (before == NOTHING) {
            task.run();
        }
    }

    @Override
    public boolean isGone() {
        return connection.isGone();
    }

    /** The client has left; on the connection's loop. */
    void gone() {
        int before = pass(GONE);
        if ((before & COMPLETED) != 0) {
            return;
        }
        discharge(before, GONE);
        request = null;
        Runnable task = WHEN_GONE.getAndSet(this, NOTHING);
        if (task != null) {
            try {
                task.run();
            } catch (RuntimeException | Error fault) {
                connection.shared().log().error(what() + " cannot be dropped", fault);
            }
        }
    }

    /** Gives the frame back early; may be called again. */
    void releaseBody() {
        ByteBuf buffer = FRAME.getAndSet(this, null);
        if (buffer != null) {
            buffer.release();
            int charged = FrameReader.chargeOf(requestBytes);
            if (charged > 0) {
                connection.shared().memory().frames().giveBack(charged);
            }
        }
    }

    /** {@return whether it has been completed and may be sent} */
    boolean ready() {
        return ready;
    }

    /** {@return the response; null if there is none} */
    EncodedMessage message() {
        return message;
    }

    /** The response has been handed to the channel, which has copies of what was on the heap. */
    void written() {
        message = null;
        if (times != null) {
            times.written();
        }
    }

    /** Called when the response has left, or never will. */
    @Override
    public void operationComplete(ChannelFuture future) {
        long nowNs = connection.sender().sent(responseBytes, responseMemoryBytes);
        if (times != null) {
            times.sent(responseBytes, nowNs, header, connection.context());
        }
        if (last) {
            connection.endSilently();
        }
    }

    /** {@return what had passed before} @throws IllegalStateException if that is that it was completed */
    private int complete(boolean acknowledged) {
        int before = pass(COMPLETED | PERMIT_BACK);
        if ((before & COMPLETED) != 0) {
            throw new IllegalStateException("A request was completed twice: " + what());
        }
        request = null;
        if (times != null) {
            times.answered();
        }
        if (whenGone != null) {
            whenGone = NOTHING;
        }
        discharge(before, COMPLETED);
        reckon(acknowledged);
        return before;
    }

    private int pass(int bits) {
        int before;
        do {
            before = passed;
        } while (!PASSED.compareAndSet(this, before, before | bits));
        return before;
    }

    /** Gives back the heap, if it was in use and is not any more. */
    private void discharge(int before, int passedNow) {
        if (inUse(before) && !inUse(before | passedNow)) {
            if ((before & (PARKED | GONE)) == PARKED) {
                connection.shared().memory().parked().remove(connection.parked(), heapBytes);
            }
            connection.shared().permits().discharge(heapBytes);
        }
    }

    /** {@return whether somebody may work with the body, or still has to answer to it} */
    private static boolean inUse(int passed) {
        return (passed & COMPLETED) == 0 && (passed & (GONE | PARKED)) != (GONE | PARKED);
    }

    /** Gives back the frame and, if it was not given back before, the permit. */
    private void giveBack(int before) {
        releaseBody();
        if ((before & PERMIT_BACK) == 0) {
            connection.shared().permits().release(requestBytes);
        }
    }

    /** Without an answer it does not become ready: no later one may take its place while the connection is closed. */
    private void sendOrGiveBack(EncodedMessage encoded, int before) {
        if (encoded == null) {
            giveBack(before);
        } else {
            send(encoded, before);
        }
    }

    private void send(EncodedMessage encoded, int before) {
        releaseBody();
        if (encoded != null) {
            message = encoded;
            responseBytes = encoded.sizeBytes();
            responseMemoryBytes = memoryBytes(encoded);
            connection.sender().completing(responseBytes, responseMemoryBytes);
        }
        ready = true;
        giveBack(before);
        connection.sender().completed();
        handedOver();
    }

    /** Slices of files are not in memory. */
    private static long memoryBytes(EncodedMessage encoded) {
        long bytes = 0;
        for (Payload part : encoded.parts()) {
            if (part instanceof BytesPayload inMemory) {
                bytes += inMemory.buffer().capacity();
            }
        }
        return bytes;
    }

    private EncodedMessage encodeOrFail(ApiResponse response, ApiRequest asked) {
        try {
            return encode(response);
        } catch (RuntimeException | Error fault) {
            connection.shared().log().error("The response to " + what() + " cannot be encoded", fault);
            return encodeError(asked, ErrorCode.UNKNOWN_SERVER_ERROR, null);
        }
    }

    private EncodedMessage encodeError(ApiRequest asked, ErrorCode error, String text) {
        try {
            return encode(ApiCodecs.errorResponse(api(), answerVersion(), asked, error, text));
        } catch (RuntimeException | Error fault) {
            connection.failed(what() + " cannot be answered with " + error, fault);
            return null;
        }
    }

    private boolean hasPlaceForError(ApiRequest asked) {
        return asked instanceof ProduceRequest produce ? produce.acks() != 0 : asked != null;
    }

    private EncodedMessage encode(ApiResponse response) {
        short version = answerVersion();
        WireWriter out = WireWriter.heap(FIRST_RESPONSE_BYTES);
        ResponseHeaderCodec.write(
                out, new ResponseHeader(header.correlationId()), ApiCodecs.responseHeaderVersion(api(), version));
        ApiCodecs.writeResponse(response, version, throttleMs, out);
        return out.finish();
    }

    /** A version of ApiVersions that is not spoken is answered in version 0 (KIP-511). */
    private short answerVersion() {
        boolean strange =
                api() == ApiKey.API_VERSIONS && !SupportedApis.CLIENT.serves(header.apiKey(), header.apiVersion());
        return strange ? 0 : header.apiVersion();
    }

    private ApiKey api() {
        return ApiKey.of(header.apiKey());
    }

    /** The client's name for itself is left out: it may be long. */
    private String what() {
        return api() + " " + header.apiVersion();
    }
}
