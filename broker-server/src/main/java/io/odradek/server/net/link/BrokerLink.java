package io.odradek.server.net.link;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.util.NetUtil;
import io.odradek.core.transport.BrokerUnreachableException;
import io.odradek.protocol.api.ApiResponse;
import io.odradek.server.net.frame.BadFrameException;
import io.odradek.server.net.frame.FrameReader;
import io.odradek.server.net.frame.FrameReceiveAllocator;
import io.odradek.server.net.frame.InboundHandler;
import io.odradek.server.net.frame.MessageWriter;
import io.odradek.server.net.frame.WaitingLine;
import io.odradek.server.net.secure.ListenerTls;
import io.odradek.server.net.socket.SocketFaults;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * One life of a connection to another broker: from a connect to the loss, and never again. All happens on its loop.
 *
 * <p>States: <em>connecting</em> (requests are kept) to <em>logging in</em>, where the other asks for it (they are still kept), to
 * <em>open</em> (they are written, and answered in order) to <em>lost</em>, which is reached from all: by a refusal, an end, a
 * time-out, or an answer that is none. Who is under way then is told so.
 */
public final class BrokerLink extends InboundHandler {
    private static final int SPARE_PART_OF_LOGIN = 10;
    private static final ChannelFutureListener NOTHING = written -> {};

    private final NettyBrokerConnection connection;
    private final LinkParts parts;
    private final Destination destination;
    private final EventLoop loop;
    private final FrameReader reader;
    private final Deque<BrokerCall> calls = new ArrayDeque<>();
    private State state = State.CONNECTING;
    private Channel channel;
    private LinkLogin login;
    private long loginEndsNs = Long.MAX_VALUE;

    private enum State {
        CONNECTING,
        LOGGING_IN,
        OPEN,
        LOST
    }

    BrokerLink(NettyBrokerConnection connection, LinkParts parts, Destination destination, EventLoop loop) {
        this.connection = connection;
        this.parts = parts;
        this.destination = destination;
        this.loop = loop;
        this.reader = new FrameReader(parts.answers(), parts.memory(), new NeverWaiting());
    }

    /** The memory of answers is always there. */
    private static final class NeverWaiting extends WaitingLine.Place {
        @Override
        protected void call() {
            // Nobody waits.
        }
    }

    /**
     * Begins to connect.
     *
     * @param attempt which of the host's addresses to try, if it has several
     */
    void connect(int attempt) {
        String host = destination.host();
        if (NetUtil.isValidIpV4Address(host) || NetUtil.isValidIpV6Address(host)) {
            lookUp(attempt);
            return;
        }
        try {
            parts.blocking().execute(() -> lookUp(attempt));
        } catch (RejectedExecutionException tooMuchToDo) {
            lose("its name cannot be looked up now", tooMuchToDo);
        }
    }

    /** Sends a request, or keeps it until it can be sent. */
    void send(BrokerCall call) {
        calls.add(call);
        call.deadline(loop.schedule(
                () -> lose("no answer to " + call + " within " + call.timeoutMs() + " ms", null),
                call.timeoutMs(),
                TimeUnit.MILLISECONDS));
        if (state == State.OPEN) {
            write(call);
            channel.flush();
        }
    }

    /** {@return whether its login is nearly over, and nobody waits: the next request is for another link} */
    boolean isSpent() {
        return calls.isEmpty() && System.nanoTime() >= loginEndsNs;
    }

    FrameReader reader() {
        return reader;
    }

    /** Ends it. Who waits for an answer is told why. */
    void lose(String why, Throwable cause) {
        if (state == State.LOST) {
            return;
        }
        boolean wasOpen = state == State.OPEN;
        state = State.LOST;
        reader.close();
        if (channel != null && channel.isRegistered()) {
            channel.close();
        } else if (channel != null) {
            channel.unsafe().closeForcibly();
        }
        connection.ended(this, wasOpen);
        while (!calls.isEmpty()) {
            calls.poll().fail(new BrokerUnreachableException("Broker " + destination + ": " + why, cause));
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext connected) {
        if (state != State.CONNECTING) {
            return;
        }
        login = parts.login(destination.purpose());
        if (login == null) {
            open();
        } else {
            state = State.LOGGING_IN;
            write(login.first());
            channel.flush();
        }
    }

    private void open() {
        state = State.OPEN;
        for (BrokerCall call : calls.toArray(BrokerCall[]::new)) {
            write(call);
        }
        channel.flush();
    }

    @Override
    public void channelRead(ChannelHandlerContext from, Object buffer) {
        ((ByteBuf) buffer).release();
        try {
            while ((state == State.OPEN || state == State.LOGGING_IN)
                    && reader.head(from.alloc()) == FrameReader.Head.WHOLE) {
                take(reader.take());
            }
        } catch (RuntimeException | Error noAnswer) {
            lose(String.valueOf(noAnswer.getMessage()), noAnswer);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext from) {
        reader.settle();
    }

    @Override
    public void channelInactive(ChannelHandlerContext from) {
        lose("it closed the connection", null);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext from, Throwable fault) {
        lose(SocketFaults.words(fault), fault);
    }

    private void lookUp(int attempt) {
        try {
            InetAddress[] known = InetAddress.getAllByName(destination.host());
            onLoop(() -> connectTo(known[attempt % known.length]));
        } catch (UnknownHostException unknown) {
            onLoop(() -> lose("its host is not known", unknown));
        }
    }

    private void connectTo(InetAddress address) {
        if (state == State.LOST) {
            return;
        }
        try {
            channel = parts.transport().clientChannel();
            configure();
            ListenerTls tls = parts.tls(destination.purpose());
            if (tls != null) {
                TlsLink.before(this, channel, destination, tls);
            }
            channel.pipeline().addLast(this);
            loop.register(channel);
            channel.connect(new InetSocketAddress(address, destination.port())).addListener(done -> {
                if (!done.isSuccess()) {
                    lose(SocketFaults.words(done.cause()), done.cause());
                }
            });
        } catch (RuntimeException | Error fault) {
            // Out of file descriptors, most likely.
            lose("a socket cannot be opened: " + SocketFaults.words(fault), fault);
        }
    }

    private void configure() {
        channel.config().setAllocator(PooledByteBufAllocator.DEFAULT);
        channel.config().setRecvByteBufAllocator(new FrameReceiveAllocator(reader));
        channel.config().setConnectTimeoutMillis(0);
        channel.config().setOption(ChannelOption.TCP_NODELAY, true);
        channel.config().setOption(ChannelOption.SO_KEEPALIVE, true);
        if (destination.purpose().receiveBufferBytes() > 0) {
            channel.config()
                    .setOption(ChannelOption.SO_RCVBUF, destination.purpose().receiveBufferBytes());
        }
    }

    private void write(BrokerCall call) {
        write(call.request());
    }

    private void write(RequestEncoder.Encoded request) {
        try {
            MessageWriter.write(channel.pipeline().lastContext(), request.message(), channel.voidPromise(), NOTHING);
        } catch (RuntimeException | Error fault) {
            lose(request.api() + " " + request.version() + " cannot be written: " + SocketFaults.words(fault), fault);
        }
    }

    private void take(ByteBuf frame) {
        if (state == State.LOGGING_IN) {
            goOnLoggingIn(decode(frame, login.asked()).response());
            return;
        }
        BrokerCall call = calls.peek();
        FrameAnswer answer = decode(frame, call == null ? null : call.request());
        calls.poll();
        call.complete(answer);
    }

    private FrameAnswer decode(ByteBuf frame, RequestEncoder.Encoded asked) {
        int bytes = frame.readableBytes();
        FrameAnswer answer = null;
        try {
            if (asked == null) {
                throw new BadFrameException("it answered what nobody had asked");
            }
            answer = FrameAnswer.decode(frame, asked, parts);
            return answer;
        } finally {
            if (answer == null) {
                frame.release();
                parts.memory().giveBack(FrameReader.chargeOf(bytes));
            }
        }
    }

    private void goOnLoggingIn(ApiResponse answer) {
        RequestEncoder.Encoded next = login.next(answer);
        if (next != null) {
            write(next);
            channel.flush();
            return;
        }
        if (login.lifetimeMs() > 0) {
            long usefulMs = login.lifetimeMs() - login.lifetimeMs() / SPARE_PART_OF_LOGIN;
            loginEndsNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(usefulMs);
        }
        login = null;
        open();
    }

    private void onLoop(Runnable task) {
        if (loop.inEventLoop()) {
            task.run();
        } else {
            loop.execute(task);
        }
    }
}
