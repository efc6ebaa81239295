package io.odradek.server.storm;

import io.odradek.protocol.api.ApiCodecs;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.ApiResponse;
import io.odradek.protocol.api.ProduceRequest;
import io.odradek.protocol.api.ResponseHeaderCodec;
import io.odradek.protocol.wire.WireReader;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;

/**
 * One connection of a client of the storm. Answers must come in the order of the requests, one for each sound request, and
 * be what the protocol says. Whoever holds the socket may close it at any time.
 */
final class Visit {
    private static final int CONNECT_WITHIN_MS = 20_000;
    private static final int BETWEEN_PIECES_MS = 20;
    private static final int LARGEST_ANSWER_BYTES = 1 << 27;

    private final Socket socket = new Socket();
    private final DataInputStream in;
    private final Tally tally;
    private final Deque<Sent> outstanding = new ArrayDeque<>();
    /** Whether something was sent after which the broker may close, or may answer or not. */
    private boolean mayBeDropped;

    private volatile boolean leaving;

    Visit(InetSocketAddress address, Tally tally) throws IOException {
        this.tally = tally;
        socket.connect(address, CONNECT_WITHIN_MS);
        in = new DataInputStream(socket.getInputStream());
    }

    /** Sends the first bytes of a frame, in so many pieces that are some time apart. */
    void send(Sent frame, int bytes, int pieces) throws IOException, InterruptedException {
        tally.sent(frame);
        boolean whole = bytes == frame.bytes().length;
        boolean silent = frame.request() instanceof ProduceRequest produce && produce.acks() == 0;
        mayBeDropped |= !frame.certain() || !whole || silent;
        if (!silent && whole) {
            outstanding.add(frame);
        }
        int from = 0;
        for (int piece = 1; piece <= pieces; piece++) {
            int to = (int) ((long) bytes * piece / pieces);
            socket.getOutputStream().write(frame.bytes(), from, to - from);
            from = to;
            if (piece < pieces) {
                Thread.sleep(BETWEEN_PIECES_MS);
            }
        }
    }

    boolean expectsAnswers() {
        return !outstanding.isEmpty();
    }

    /** Reads the next answer. {@return it, with the request it is for; null if none came} */
    Answer receive(int withinMs) throws IOException {
        try {
            socket.setSoTimeout(withinMs);
            int length = in.readInt();
            if (length < Integer.BYTES || length > LARGEST_ANSWER_BYTES) {
                tally.fault("An answer of " + length + " bytes");
                return null;
            }
            byte[] bytes = new byte[length];
            in.readFully(bytes);
            return answer(bytes);
        } catch (SocketTimeoutException e) {
            if (!outstanding.isEmpty()) {
                tally.late(outstanding.peek());
            }
            return null;
        } catch (EOFException | java.net.SocketException e) {
            if (!leaving && !mayBeDropped && !outstanding.isEmpty()) {
                tally.closed(largestOutstanding(), socket.getLocalPort());
            }
            throw e;
        }
    }

    /** {@return the request for which the broker has most likely closed} */
    private Sent largestOutstanding() {
        return Collections.max(outstanding, Comparator.comparingInt(sent -> sent.bytes().length));
    }

    /** An answer and its request. */
    record Answer(Sent to, ApiResponse response) {}

    private Answer answer(byte[] bytes) {
        int correlationId = ByteBuffer.wrap(bytes).getInt();
        Sent frame = outstanding.poll();
        while (frame != null && frame.correlationId() != correlationId) {
            // Behind a frame whose length lies the next one begins somewhere else.
            if (!mayBeDropped) {
                tally.fault("An answer to " + correlationId + " before that to " + frame.what());
            }
            frame = outstanding.poll();
        }
        if (frame == null) {
            if (!mayBeDropped) {
                tally.fault("An answer to " + correlationId + ", which nobody asked");
            }
            return null;
        }
        try {
            return new Answer(frame, decode(frame, bytes));
        } catch (RuntimeException malformed) {
            // A frame with another version in it may have been a request of that version.
            if (frame.certain()) {
                tally.fault("The answer to " + frame.what() + " is malformed: " + malformed);
            }
            return null;
        }
    }

    private static ApiResponse decode(Sent frame, byte[] bytes) {
        ApiKey api = frame.api();
        WireReader reader = new WireReader(ByteBuffer.wrap(bytes));
        ResponseHeaderCodec.read(reader, ApiCodecs.responseHeaderVersion(api, frame.version()));
        ApiResponse response = ApiCodecs.readResponse(api, frame.version(), reader);
        reader.expectEnd();
        return response;
    }

    /** Says that nothing more will be sent: the broker need not answer any more. */
    void halfClose() throws IOException {
        mayBeDropped = true;
        socket.shutdownOutput();
    }

    /** Leaves, with a reset or in good order; from any thread. */
    void leave(boolean reset) {
        leaving = true;
        try {
            if (reset) {
                socket.setSoLinger(true, 0);
            }
            socket.close();
        } catch (IOException alreadyGone) {
            // It has left.
        }
    }
}
