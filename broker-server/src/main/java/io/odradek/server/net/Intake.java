package io.odradek.server.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.odradek.core.quota.ClientQuotas;
import io.odradek.protocol.api.ProduceRequest;
import io.odradek.protocol.wire.MalformedMessageException;
import io.odradek.protocol.wire.MessageTooLargeException;
import io.odradek.server.net.frame.BadFrameException;
import io.odradek.server.net.frame.FrameReader;
import io.odradek.server.net.frame.WaitingLine;

/**
 * The way in of a connection: from bytes to frames, to permits, to decoded requests that are handed on. It goes on until
 * something is in the way, and says what. On the connection's loop only.
 */
final class Intake {
    private final Connection connection;
    private final Processors shared;
    private final Sender sender;
    private final FrameReader reader;
    private final WaitingLine.Place place = new WaitingLine.Place() {
        @Override
        protected void call() {
            connection.later(Intake.this::turnCame);
        }
    };
    private final StalledMemory.Holder partial = new StalledMemory.Holder() {
        @Override
        void evict() {
            connection.closeSoon("it holds the longest-stalled of the partial requests, which exceed their memory ("
                    + shared.memory().partial().share().setting() + ")");
        }
    };

    private ChannelHandlerContext channel;
    private boolean running;

    Intake(Connection connection, Processors shared, Sender sender) {
        this.connection = connection;
        this.shared = shared;
        this.sender = sender;
        this.reader = new FrameReader(connection.frames(), shared.memory().frames(), place);
    }

    void open(ChannelHandlerContext added) {
        channel = added;
    }

    FrameReader reader() {
        return reader;
    }

    /** Takes whole frames as long as nothing is in the way. */
    void run() {
        if (running) {
            return;
        }
        running = true;
        try {
            ConnectionState next = takeFrames();
            if (!next.isInLine()) {
                place.leave();
            }
            partial.heldUp(next == ConnectionState.AWAITING_MEMORY);
            connection.become(next);
        } catch (MessageTooLargeException tooLarge) {
            connection.close(tooLarge.getMessage() + " (odradek.request.max.decoded.bytes)");
        } catch (BadFrameException | MalformedMessageException bad) {
            connection.close(bad.getMessage());
        } catch (RuntimeException | Error fault) {
            connection.failed("a request cannot be taken", fault);
        } finally {
            running = false;
        }
        if (!sender.isInsideRead()) {
            settle();
        }
    }

    /** What was to be had of the socket has been taken: counts what is left. */
    void settle() {
        reader.settle();
        shared.memory().partial().update(partial, reader.partialBytes(), connection.lastActivityNs());
    }

    /** Leaves the line: nothing more will be taken. */
    void stop() {
        place.leave();
    }

    /** Gives all back. */
    void close() {
        place.leave();
        reader.close();
        shared.memory().partial().remove(partial);
    }

    private void turnCame() {
        place.turn();
        connection.resume();
    }

    private ConnectionState takeFrames() {
        while (connection.state().isOpen()) {
            if (connection.rests()) {
                return ConnectionState.THROTTLED;
            }
            if (sender.isFull()) {
                return ConnectionState.FULL;
            }
            switch (reader.head(channel.alloc())) {
                case CUT -> {
                    return ConnectionState.READING;
                }
                case WITHOUT_MEMORY -> {
                    return ConnectionState.AWAITING_MEMORY;
                }
                default -> {
                    if (!shared.permits().take(place, reader.length())) {
                        return ConnectionState.AWAITING_PERMIT;
                    }
                    begin(reader.take());
                }
            }
        }
        return connection.state();
    }

    /** Decodes a frame for which a permit was taken, and hands it on. */
    private void begin(ByteBuf frame) {
        int bytes = frame.readableBytes();
        Login login = connection.login();
        ClientQuotas quotas =
                login == null || login.isOver() ? shared.receiver().quotas() : null;
        long beganNs = quotas == null ? 0 : shared.clock().monotonicNs();
        RequestDecoder.Decoded decoded;
        RequestSlot slot;
        try {
            decoded = login == null
                    ? RequestDecoder.decode(frame.nioBuffer(), shared.limits().mostDecodedBytes())
                    : login.decode(frame.nioBuffer(), shared.limits().mostDecodedBytes());
            slot = new RequestSlot(connection, decoded, frame, bytes);
            if (quotas != null) {
                slot.chargeTo(quotas, beganNs);
            }
        } catch (RuntimeException | Error bad) {
            frame.release();
            shared.memory().frames().giveBack(FrameReader.chargeOf(bytes));
            shared.permits().release(bytes);
            throw bad;
        }
        shared.permits().charge(decoded.heapBytes());
        sender.expect(slot);
        try {
            if (decoded instanceof RequestDecoder.Decoded.Served served) {
                if (!(served.body() instanceof ProduceRequest)) {
                    slot.releaseBody();
                }
                if (login == null || !login.take(served.body(), slot)) {
                    shared.receiver().receive(served.body(), slot);
                }
            } else if (decoded instanceof RequestDecoder.Decoded.TooLarge tooLarge) {
                slot.refuseUnread(tooLarge.why());
            }
        } catch (RuntimeException | Error fault) {
            slot.failed(fault);
        } finally {
            slot.handedOver();
            slot.taken();
            slot.workEnds();
        }
    }
}
