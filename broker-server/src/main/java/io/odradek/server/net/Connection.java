package io.odradek.server.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.Future;
import io.odradek.core.transport.ConnectionContext;
import io.odradek.protocol.api.ProduceRequest;
import io.odradek.protocol.wire.BytesPayload;
import io.odradek.protocol.wire.EncodedMessage;
import io.odradek.protocol.wire.MalformedMessageException;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A client's connection: cuts and decodes its requests, hands them on, and sends the responses in the order of the
 * requests. It stops reading while any of its bounds is reached (requests in work of its own or of all, response bytes
 * that the client does not take) and goes on when that has passed. All state belongs to the channel's loop, except what
 * {@link #completed} and {@link #evict} touch from other threads.
 */
final class Connection extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);

    private final Processors shared;
    private final ConnectionContext context;
    private final FrameReader reader;
    private final ResponseOrder order = new ResponseOrder();
    private final AtomicBoolean sendScheduled = new AtomicBoolean();
    private final AtomicInteger pendingBytes = new AtomicInteger();
    private final PartialFrames.Holder partial = new PartialFrames.Holder() {
        @Override
        void evict() {
            close("it holds the longest-stalled of the partial requests, which exceed their memory"
                    + " (odradek.partial.requests.max.bytes)");
        }
    };

    private volatile ChannelHandlerContext channel;
    private long lastActivityNs;
    private ByteBuf waitingFrame;
    private int unsentResponses;
    private boolean insideRead;
    private boolean insideProcess;
    private boolean flushNeeded;
    private boolean awaitingPermit;
    private boolean draining;
    private volatile boolean stopped;
    private Future<?> idleCheck;

    Connection(Processors shared, ConnectionContext context) {
        this.shared = shared;
        this.context = context;
        this.reader = new FrameReader(shared.limits().mostFrameBytes());
    }

    ConnectionContext context() {
        return context;
    }

    FrameReader reader() {
        return reader;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        channel = added;
        lastActivityNs = shared.clock().monotonicNs();
    }

    @Override
    public void channelActive(ChannelHandlerContext active) {
        scheduleIdleCheck(shared.limits().mostIdleMs());
    }

    @Override
    public void channelRead(ChannelHandlerContext from, Object buffer) {
        insideRead = true;
        ((ByteBuf) buffer).release();
        process();
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext from) {
        insideRead = false;
        if (stopped) {
            return;
        }
        lastActivityNs = shared.clock().monotonicNs();
        reader.readComplete();
        shared.partialFrames().update(partial, reader.partialBytes(), lastActivityNs);
        if (flushNeeded) {
            flushNeeded = false;
            from.flush();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext from) {
        resume();
    }

    @Override
    public void channelInactive(ChannelHandlerContext from) {
        stop();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext from, Throwable fault) {
        if (fault instanceof IOException) {
            LOG.debug("Connection {} broke", context.id(), fault);
        } else {
            LOG.error("Connection {} failed", context.id(), fault);
        }
        from.close();
    }

    /** Takes whole frames as long as no bound is reached. */
    private void process() {
        if (insideProcess) {
            return;
        }
        insideProcess = true;
        try {
            while (mayProcess()) {
                ByteBuf frame = waitingFrame == null ? reader.next(channel.alloc()) : waitingFrame;
                if (frame == null) {
                    break;
                }
                boolean waited = waitingFrame != null;
                waitingFrame = frame;
                if (!permitted(frame.readableBytes())) {
                    break;
                }
                waitingFrame = null;
                begin(frame);
                if (waited) {
                    shared.permits().callNext();
                }
            }
        } catch (BadFrameException | MalformedMessageException bad) {
            close(bad.getMessage());
        } finally {
            insideProcess = false;
        }
        setReading(mayProcess() && waitingFrame == null);
    }

    private boolean mayProcess() {
        return !stopped
                && !draining
                && order.size() + unsentResponses < shared.limits().mostConnectionRequests()
                && pendingBytes.get() < shared.limits().mostPendingResponseBytes()
                && channel.channel().isWritable();
    }

    private boolean permitted(int bytes) {
        if (shared.permits().tryAcquire(bytes)) {
            return true;
        }
        if (!awaitingPermit) {
            awaitingPermit = true;
            shared.permits().await(() -> later(this::permitReturned));
        }
        return shared.permits().tryAcquire(bytes);
    }

    private void permitReturned() {
        awaitingPermit = false;
        if (waitingFrame == null || !mayProcess()) {
            shared.permits().callNext();
        } else {
            process();
        }
    }

    /** Decodes a frame for which a permit was taken and hands it on. */
    private void begin(ByteBuf frame) {
        int bytes = frame.readableBytes();
        RequestDecoder.Decoded decoded;
        try {
            decoded = RequestDecoder.decode(frame.nioBuffer());
        } catch (RuntimeException | Error bad) {
            frame.release();
            shared.permits().release(bytes);
            throw bad;
        }
        if (decoded instanceof RequestDecoder.Decoded.Served served) {
            RequestSlot slot = new RequestSlot(this, served.header(), frame, bytes);
            order.add(slot);
            if (!(served.body() instanceof ProduceRequest)) {
                slot.releaseBody();
            }
            try {
                shared.receiver().receive(served.body(), slot);
            } catch (RuntimeException | Error fault) {
                slot.abandon();
                throw fault;
            } finally {
                slot.workEnds();
            }
        } else if (decoded instanceof RequestDecoder.Decoded.OldProduce old) {
            RequestSlot slot = new RequestSlot(this, old.header(), frame, bytes);
            order.add(slot);
            if (old.answer() == null) {
                slot.closeConnection("Produce " + old.header().apiVersion() + " with acks=0 has no place for an error");
            } else {
                BytesPayload answer = new BytesPayload(old.answer());
                slot.respondEncoded(new EncodedMessage(List.of(answer), answer.sizeBytes()));
            }
        }
    }

    /** A request is about to be ready, with so much to send; from any thread. */
    void completing(int responseBytes) {
        pendingBytes.addAndGet(responseBytes);
    }

    /** A request is not in work any more; from any thread. */
    void returnPermit(int requestBytes) {
        shared.permits().release(requestBytes);
    }

    /** A request has become ready; from any thread. */
    void completed() {
        if (channel.executor().inEventLoop()) {
            sendReady();
        } else if (!sendScheduled.get() && sendScheduled.compareAndSet(false, true)) {
            onLoop(this::sendReady);
        }
    }

    /** Sends the responses whose turn has come. */
    private void sendReady() {
        sendScheduled.set(false);
        RequestSlot slot;
        boolean wrote = false;
        while (!stopped && (slot = order.pollReady()) != null) {
            if (slot.message() != null) {
                unsentResponses++;
                wrote = true;
                if (!write(slot)) {
                    return;
                }
            }
        }
        if (wrote && insideRead) {
            flushNeeded = true;
        } else if (wrote) {
            lastActivityNs = shared.clock().monotonicNs();
            channel.flush();
        }
        resume();
    }

    /** {@return whether it went well; if not (no memory for it, say), what has been written of it is useless} */
    private boolean write(RequestSlot slot) {
        try {
            ResponseWriter.write(channel, slot.message(), channel.newPromise().addListener(slot));
            return true;
        } catch (RuntimeException | Error fault) {
            LOG.error("Connection {} is closed: a response cannot be written", context.id(), fault);
            stop();
            channel.close();
            return false;
        }
    }

    /** A response has left; on the loop. */
    void sent(int responseBytes) {
        lastActivityNs = shared.clock().monotonicNs();
        pendingBytes.addAndGet(-responseBytes);
        unsentResponses--;
        if (!channel.channel().config().isAutoRead() && !stopped) {
            later(this::resume);
        }
    }

    private void resume() {
        if (!stopped && !channel.channel().config().isAutoRead() && mayProcess()) {
            process();
        }
    }

    private void setReading(boolean reading) {
        Channel ofContext = channel.channel();
        if (!stopped && ofContext.config().isAutoRead() != reading) {
            ofContext.config().setAutoRead(reading);
        }
    }

    /** Closes the connection with one line in the log; from any thread. */
    void close(String reason) {
        shared.log().warn("Closing connection " + context.id() + ": " + reason);
        onLoop(() -> {
            stop();
            channel.close();
        });
    }

    /** Closes the connection because of a fault of this broker; from any thread. */
    void failed(String what, RuntimeException fault) {
        LOG.error(what, fault);
        onLoop(() -> {
            stop();
            channel.close();
        });
    }

    /** {@return whether it is closed, so that nothing more will be sent; from any thread} */
    boolean isGone() {
        return stopped;
    }

    /** Stops taking requests, for good; responses are still sent. On any thread. */
    void stopReading() {
        onLoop(() -> {
            draining = true;
            setReading(false);
        });
    }

    private void stop() {
        if (stopped) {
            return;
        }
        stopped = true;
        if (idleCheck != null) {
            idleCheck.cancel(false);
        }
        reader.close();
        order.clear();
        shared.partialFrames().remove(partial);
        if (waitingFrame != null) {
            waitingFrame.release();
            waitingFrame = null;
        }
    }

    private void scheduleIdleCheck(long delayMs) {
        if (delayMs < 0 || stopped) {
            return;
        }
        idleCheck = channel.executor().schedule(this::checkIdle, delayMs, TimeUnit.MILLISECONDS);
    }

    private void checkIdle() {
        long idleMs = (shared.clock().monotonicNs() - lastActivityNs) / 1_000_000;
        long mostIdleMs = shared.limits().mostIdleMs();
        if (stopped) {
            return;
        }
        if (idleMs >= mostIdleMs && order.size() == 0) {
            LOG.debug("Closing connection {}: idle for {} ms", context.id(), idleMs);
            stop();
            channel.close();
        } else {
            scheduleIdleCheck(idleMs >= mostIdleMs ? Math.max(1, mostIdleMs) : mostIdleMs - idleMs);
        }
    }

    private void onLoop(Runnable task) {
        if (channel.executor().inEventLoop()) {
            task.run();
        } else {
            later(task);
        }
    }

    private void later(Runnable task) {
        try {
            channel.executor().execute(task);
        } catch (RejectedExecutionException loopHasEnded) {
            LOG.debug("Connection {} is gone with its loop", context.id());
        }
    }
}
