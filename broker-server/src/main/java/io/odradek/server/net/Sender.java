package io.odradek.server.net;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.odradek.core.quota.ClientCharge;
import io.odradek.server.net.frame.MessageWriter;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The way back of a connection: sends responses in the order of the requests, and counts what its client does not take. All
 * happens on the connection's loop, except {@link #completing} and {@link #completed}.
 */
final class Sender {
    private final Connection connection;
    private final NetworkLimits limits;
    private final StalledMemory unsent;
    private final ResponseOrder order = new ResponseOrder();
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private final AtomicLong pendingBytes = new AtomicLong();
    private final AtomicLong pendingMemoryBytes = new AtomicLong();
    private final StalledMemory.Holder unsentMemory = new StalledMemory.Holder() {
        @Override
        void evict() {
            connection.closeSoon(
                    "its client has taken no answer for the longest time, and unsent answers exceed their memory" + " ("
                            + unsent.share().setting() + ")");
        }
    };

    private final ChannelFutureListener pieceSent = this::pieceSent;

    private ChannelHandlerContext channel;
    private long progressNs;
    private int unsentResponses;
    private boolean insideRead;
    private boolean flushNeeded;
    private ClientCharge flushes;
    private boolean closed;

    Sender(Connection connection, Processors shared) {
        this.connection = connection;
        this.limits = shared.limits();
        this.unsent = shared.memory().unsent();
    }

    void open(ChannelHandlerContext added) {
        channel = added;
    }

    /** Adds the request that came last. */
    void expect(RequestSlot slot) {
        order.add(slot);
    }

    /** {@return whether no requests are in work, or unsent} */
    boolean isIdle() {
        return order.size() == 0;
    }

    /** {@return how many answers have been written and not left; from any thread, as it was a moment ago} */
    int unsentResponses() {
        return unsentResponses;
    }

    /** {@return whether so much is to be answered and sent that no more requests are taken} */
    boolean isFull() {
        return order.size() + unsentResponses >= limits.mostConnectionRequests()
                || pendingBytes.get() >= limits.mostPendingResponseBytes()
                || !channel.channel().isWritable()
                || unsentMemory.bytes() > 0 && unsent.isHalfFull();
    }

    /** Until {@link #readEnds} answers are flushed together. */
    void readBegins() {
        insideRead = true;
    }

    /** Flushes what was answered during a read of the socket. */
    void readEnds() {
        insideRead = false;
        if (flushNeeded && !closed) {
            flushNeeded = false;
            flush();
        }
        settle();
    }

    /** {@return whether the socket is just being read} */
    boolean isInsideRead() {
        return insideRead;
    }

    /**
     * A request is about to be ready; from any thread.
     *
     * @param responseBytes what there is to send
     * @param memoryBytes what that takes of memory
     */
    void completing(int responseBytes, long memoryBytes) {
        pendingBytes.addAndGet(responseBytes);
        pendingMemoryBytes.addAndGet(memoryBytes);
    }

    /** A request has become ready; from any thread. */
    void completed() {
        if (channel.executor().inEventLoop()) {
            sendReady();
        } else if (!scheduled.get() && scheduled.compareAndSet(false, true)) {
            connection.later(this::sendReady);
        }
    }

    private void sendReady() {
        scheduled.set(false);
        RequestSlot slot;
        boolean wrote = false;
        while (!closed && (slot = order.pollReady()) != null) {
            if (slot.message() != null) {
                wrote = true;
                if (!write(slot)) {
                    return;
                }
            }
            if (slot.throttleMs() > 0) {
                connection.rest(slot.throttleMs());
            }
        }
        if (wrote && insideRead) {
            flushNeeded = true;
        } else if (wrote) {
            connection.active();
            flush();
        }
        if (!insideRead) {
            settle();
        }
        connection.resume();
    }

    /** {@return whether it went well; if not (no memory for it, say), what has been written of it is useless} */
    private boolean write(RequestSlot slot) {
        unsentResponses++;
        ClientCharge charge = slot.charge();
        if (charge != null) {
            charge.begins();
        }
        try {
            MessageWriter.write(channel, slot.message(), channel.newPromise().addListener(slot), pieceSent);
            slot.written();
            return true;
        } catch (RuntimeException | Error fault) {
            connection.failed("a response cannot be written", fault);
            return false;
        } finally {
            if (charge != null) {
                charge.ends();
                flushes = charge;
            }
        }
    }

    /** The last answer pays for those that are flushed with it. */
    private void flush() {
        ClientCharge charge = flushes;
        if (charge == null) {
            channel.flush();
            return;
        }
        flushes = null;
        charge.begins();
        channel.flush();
        charge.ends();
    }

    /** A response has left, or never will. {@return now} */
    long sent(int responseBytes, long memoryBytes) {
        progressNs = connection.active();
        pendingBytes.addAndGet(-responseBytes);
        pendingMemoryBytes.addAndGet(-memoryBytes);
        unsentResponses--;
        if (unsentMemory.bytes() > 0) {
            settle();
        }
        connection.resumeSoon();
        return progressNs;
    }

    /** A piece of a large response has left: a client that takes it slowly does not stall. */
    private void pieceSent(ChannelFuture piece) {
        if (piece.isSuccess()) {
            progressNs = connection.active();
            if (!closed) {
                unsent.update(unsentMemory, unsentMemory.bytes(), progressNs);
            }
        }
    }

    /** Counts what the client has not taken after all that could be sent was. */
    private void settle() {
        if (closed) {
            return;
        }
        long bytes = pendingMemoryBytes.get();
        if (bytes != unsentMemory.bytes()) {
            if (unsentMemory.bytes() == 0) {
                progressNs = connection.active();
            }
            unsent.update(unsentMemory, bytes, progressNs);
        }
    }

    /** Forgets all that has not been sent. */
    void close() {
        closed = true;
        unsent.remove(unsentMemory);
        order.clear();
    }
}
