package io.odradek.core.request.group;

import io.odradek.core.transport.ConnectionContext;
import io.odradek.core.transport.Peer;
import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.api.ApiResponse;
import io.odradek.protocol.api.RequestHeader;
import io.odradek.protocol.errors.ErrorCode;
import java.net.InetAddress;

/** A request that keeps its response. */
public final class RecordingContext implements RequestContext {
    private final RequestHeader header;
    private ApiResponse response;
    private boolean dropped;
    private int stretchesOfWork;
    private Runnable whenGone = () -> {};

    public RecordingContext(int apiKey, int version) {
        this.header = new RequestHeader((short) apiKey, (short) version, 1, "client");
    }

    public ApiResponse response() {
        return response;
    }

    @Override
    public RequestHeader header() {
        return header;
    }

    @Override
    public ConnectionContext connection() {
        return new ConnectionContext("connection", 1, Peer.anonymous(InetAddress.getLoopbackAddress(), "PLAINTEXT"));
    }

    @Override
    public void respond(ApiResponse answer) {
        if (response != null) {
            throw new IllegalStateException("A request is answered once");
        }
        response = answer;
    }

    @Override
    public void respondNothing() {
        dropped = true;
    }

    /** {@return whether it was given up without an answer} */
    boolean isDropped() {
        return dropped;
    }

    /** {@return whether it stands in a queue or is served at this moment} */
    public boolean isInWork() {
        return stretchesOfWork > 0;
    }

    /** The client has left. */
    void leave() {
        whenGone.run();
    }

    @Override
    public void closeConnection(String reason) {
        throw new IllegalStateException(reason);
    }

    @Override
    public void fail(ErrorCode error, String message) {
        throw new IllegalStateException(error + ": " + message);
    }

    @Override
    public void workBegins(int stretches) {
        stretchesOfWork += stretches;
    }

    @Override
    public void workEnds() {
        stretchesOfWork--;
    }

    @Override
    public void whenGone(Runnable task) {
        whenGone = task;
    }

    @Override
    public boolean isGone() {
        return false;
    }
}
