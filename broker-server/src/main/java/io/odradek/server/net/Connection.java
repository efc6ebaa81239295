package io.odradek.server.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.odradek.core.transport.ConnectionContext;
import io.odradek.server.net.frame.FrameBounds;
import io.odradek.server.net.frame.FrameReader;
import io.odradek.server.net.frame.InboundHandler;
import java.io.IOException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A client's connection: what comes in is its {@link Intake}'s, what goes out its {@link Sender}'s, and what it does at
 * present is its {@link ConnectionState}. It stops reading while any of its bounds is reached and goes on when that has
 * passed. All belongs to the channel's loop, except where it says otherwise.
 */
final class Connection extends InboundHandler {
    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);

    private final Processors shared;
    private final ConnectionContext context;
    private final Sender sender;
    private final Intake intake;
    private final ParkedRequests.Holder parked = new ParkedRequests.Holder() {
        @Override
        void evict() {
            closeSoon("its requests that wait hold the most memory, and those of all exceed half of "
                    + "odradek.memory.requests.bytes");
        }
    };

    private Login login;
    private volatile ChannelHandlerContext channel;
    private volatile ConnectionState state = ConnectionState.READING;
    private long lastActivityNs;
    private Future<?> idleCheck;
    private Throttle throttle;

    /** @param rules how its client has to log in, null if it need not */
    Connection(Processors shared, ConnectionContext context, LoginRules rules) {
        this.shared = shared;
        this.context = context;
        this.login = rules == null ? null : new Login(this, rules);
        this.sender = new Sender(this, shared);
        this.intake = new Intake(this, shared, sender);
    }

    /** {@return what its requests have to pass, null for nothing} */
    Login login() {
        return login;
    }

    /** {@return how long a request may be now} */
    FrameBounds frames() {
        return login == null ? shared.limits().frames() : login.frames();
    }

    /** It is known who the client is. @param again whether it has to log in again one day */
    void loggedIn(boolean again) {
        intake.reader().bounds(shared.limits().frames());
        if (!again) {
            login = null;
        }
    }

    ConnectionContext context() {
        return context;
    }

    Processors shared() {
        return shared;
    }

    Sender sender() {
        return sender;
    }

    FrameReader reader() {
        return intake.reader();
    }

    ParkedRequests.Holder parked() {
        return parked;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        channel = added;
        sender.open(added);
        intake.open(added);
        active();
        shared.memory().parked().join(parked);
    }

    @Override
    public void channelActive(ChannelHandlerContext active) {
        scheduleIdleCheck(shared.limits().mostIdleMs());
        if (login != null) {
            login.begin(active);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext from, Object buffer) {
        sender.readBegins();
        ((ByteBuf) buffer).release();
        intake.run();
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext from) {
        active();
        sender.readEnds();
        if (!isGone()) {
            intake.settle();
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
            from.close();
        } else {
            failed("it met a fault", fault);
        }
    }

    /** {@return whether it belongs to a loop; from any thread} */
    boolean isOn(EventExecutor loop) {
        ChannelHandlerContext now = channel;
        return now != null && now.executor() == loop;
    }

    /** {@return the loop that it belongs to, once it is there} */
    EventExecutor loop() {
        return channel.executor();
    }

    /** {@return what it does; from any thread} */
    ConnectionState state() {
        return state;
    }

    /** Goes over into another state, if there is a way from the present one. */
    void become(ConnectionState next) {
        if (state == next || !state.isOpen() && next != ConnectionState.CLOSED) {
            return;
        }
        state = next;
        if (next != ConnectionState.CLOSED) {
            channel.channel().config().setAutoRead(next == ConnectionState.READING);
        }
    }

    /** {@return whether it is closed, so that nothing more will be sent; from any thread} */
    boolean isGone() {
        return state == ConnectionState.CLOSED;
    }

    /** Something has gone over it. {@return now} */
    long active() {
        lastActivityNs = shared.clock().monotonicNs();
        return lastActivityNs;
    }

    long lastActivityNs() {
        return lastActivityNs;
    }

    /** Its client has been told to rest: no more requests are taken for so long. */
    void rest(int forMs) {
        if (state.isOpen()) {
            throttle = throttle == null ? new Throttle(this) : throttle;
            throttle.rest(forMs);
            intake.run();
        }
    }

    /** {@return whether its client is to rest now} */
    boolean rests() {
        return throttle != null && throttle.isOn();
    }

    /** Goes on if what was in the way has passed. */
    void resume() {
        if (state != ConnectionState.READING && state.isOpen()) {
            intake.run();
        }
    }

    /** Goes on a little later, if something was in the way. */
    void resumeSoon() {
        if (state != ConnectionState.READING && state.isOpen()) {
            later(this::resume);
        }
    }

    /** Stops taking requests, for good; responses are still sent. On any thread. */
    void stopReading() {
        if (channel != null) {
            onLoop(() -> {
                become(ConnectionState.DRAINING);
                intake.stop();
            });
        }
    }

    /** Closes the connection with one line in the log; from any thread. */
    void close(String reason) {
        say(reason);
        onLoop(this::closeNow);
    }

    /** As {@link #close}, but never before this returns: for those who hold a lock. */
    void closeSoon(String reason) {
        say(reason);
        later(this::closeNow);
    }

    /** Closes the connection because of a fault of this broker; from any thread. */
    void failed(String what, Throwable fault) {
        shared.log().error("Closing connection " + context.id() + ": " + what, fault);
        onLoop(this::closeNow);
    }

    /** Closes the connection because its front end closes; from any thread. {@return when it is closed} */
    ChannelFuture end() {
        return channel.close();
    }

    /** Has something run on the loop, not before this returns. */
    void later(Runnable task) {
        try {
            channel.executor().execute(task);
        } catch (RejectedExecutionException loopHasEnded) {
            LOG.debug("Connection {} is gone with its loop", context.id());
        }
    }

    /** Has something run on the loop after a while, if the connection is there then. */
    Future<?> afterMs(long delayMs, Runnable task) {
        return channel.executor()
                .schedule(
                        () -> {
                            if (!isGone()) {
                                task.run();
                            }
                        },
                        delayMs,
                        TimeUnit.MILLISECONDS);
    }

    /** Closes the connection, of which all has been said. On its loop. */
    void endSilently() {
        closeNow();
    }

    private void say(String reason) {
        shared.log().warn("Closing connection " + context.id() + ": " + reason);
    }

    private void closeNow() {
        stop();
        channel.close();
    }

    private void stop() {
        if (isGone()) {
            return;
        }
        become(ConnectionState.CLOSED);
        if (idleCheck != null) {
            idleCheck.cancel(false);
        }
        if (throttle != null) {
            throttle.end();
        }
        if (login != null) {
            login.end();
        }
        intake.close();
        sender.close();
        shared.memory().parked().leave(parked);
    }

    private void scheduleIdleCheck(long delayMs) {
        if (delayMs < 0 || isGone()) {
            return;
        }
        idleCheck = channel.executor().schedule(this::checkIdle, delayMs, TimeUnit.MILLISECONDS);
    }

    private void checkIdle() {
        if (isGone()) {
            return;
        }
        long idleMs = (shared.clock().monotonicNs() - lastActivityNs) / 1_000_000;
        long mostIdleMs = shared.limits().mostIdleMs();
        if (idleMs >= mostIdleMs && sender.isIdle()) {
            LOG.debug("Closing connection {}: idle for {} ms", context.id(), idleMs);
            closeNow();
        } else {
            scheduleIdleCheck(idleMs >= mostIdleMs ? Math.max(1, mostIdleMs) : mostIdleMs - idleMs);
        }
    }

    /** Looks at once whether it is idle for too long: the clock was moved. On any thread. */
    void lookAtClock() {
        if (channel != null) {
            later(() -> {
                if (throttle != null) {
                    throttle.lookAtClock();
                }
                if (idleCheck != null && idleCheck.cancel(false)) {
                    checkIdle();
                }
            });
        }
    }

    private void onLoop(Runnable task) {
        if (channel.executor().inEventLoop()) {
            task.run();
        } else {
            later(task);
        }
    }
}
