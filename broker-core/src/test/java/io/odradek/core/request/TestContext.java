package io.odradek.core.request;

import io.odradek.core.transport.ConnectionContext;
import io.odradek.core.transport.Peer;
import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.ApiResponse;
import io.odradek.protocol.api.RequestHeader;
import io.odradek.protocol.errors.ErrorCode;
import java.net.InetAddress;

/** A request's way back that remembers what came, and refuses a second answer. */
final class TestContext implements RequestContext {
    private final RequestHeader header;
    private ApiResponse response;
    private String closed;
    private boolean completed;
    private boolean bodyReleased;
    private boolean parked;
    private boolean gone;
    private int stretchesOfWork;
    private int sizeBytes;
    private ErrorCode failure;
    private Runnable whenGone;

    TestContext(ApiKey api, int version, String clientId) {
        this.header = new RequestHeader(api.key(), (short) version, 7, clientId);
    }

    TestContext(ApiKey api, int version) {
        this(api, version, "client");
    }

    /** Says how long the request is. */
    TestContext ofBytes(int bytes) {
        sizeBytes = bytes;
        return this;
    }

    @Override
    public int sizeBytes() {
        return sizeBytes;
    }

    /** Waits until it is completed, by another thread. */
    synchronized void await() throws InterruptedException {
        while (!completed) {
            wait();
        }
    }

    synchronized boolean isCompleted() {
        return completed;
    }

    boolean isBodyReleased() {
        return bodyReleased;
    }

    /** {@return why the connection was closed, null if it was not} */
    String closed() {
        return closed;
    }

    <T extends ApiResponse> T response(Class<T> type) {
        return type.cast(response);
    }

    @Override
    public RequestHeader header() {
        return header;
    }

    @Override
    public ConnectionContext connection() {
        return new ConnectionContext("here-there-1", 1, Peer.anonymous(InetAddress.getLoopbackAddress(), "PLAINTEXT"));
    }

    @Override
    public synchronized void respond(ApiResponse answer) {
        response = answer;
        complete();
    }

    @Override
    public synchronized void respondNothing() {
        complete();
    }

    @Override
    public synchronized void closeConnection(String reason) {
        closed = reason;
        complete();
    }

    @Override
    public synchronized void fail(ErrorCode error, String message) {
        complete();
        failure = error;
    }

    @Override
    public synchronized void workBegins(int stretches) {
        stretchesOfWork += stretches;
    }

    @Override
    public synchronized void workEnds() {
        stretchesOfWork--;
        if (stretchesOfWork == 0) {
            parked |= !completed;
            bodyReleased = true;
        }
    }

    @Override
    public void whenGone(Runnable task) {
        synchronized (this) {
            whenGone = task;
            if (!gone) {
                return;
            }
        }
        task.run();
    }

    @Override
    public synchronized boolean isGone() {
        return gone;
    }

    /** {@return whether all work on it ended without an answer} */
    synchronized boolean isParked() {
        return parked;
    }

    /** The client has closed its connection. */
    void leave() {
        Runnable task;
        synchronized (this) {
            gone = true;
            task = completed ? null : whenGone;
        }
        if (task != null) {
            task.run();
        }
    }

    /** {@return the error it was answered with as a whole, null if there was none} */
    ErrorCode failure() {
        return failure;
    }

    private void complete() {
        if (completed) {
            throw new IllegalStateException("A second answer");
        }
        completed = true;
        bodyReleased = true;
        notifyAll();
    }
}
