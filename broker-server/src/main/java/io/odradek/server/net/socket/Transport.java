package io.odradek.server.net.socket;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.SingleThreadIoEventLoop;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.FastThreadLocalThread;
import java.io.IOException;
import java.util.function.Consumer;

/** How sockets are reached: by epoll where the platform has it, otherwise by the JDK. */
public enum Transport {
    /** Linux's own; the cheaper one under load. */
    EPOLL {
        @Override
        IoHandlerFactory handlers() {
            return EpollIoHandler.newFactory();
        }

        @Override
        public ServerChannel serverChannel() {
            return new EpollServerSocketChannel();
        }

        @Override
        public Channel clientChannel() {
            return new EpollSocketChannel();
        }
    },

    /** The JDK's; the one that loads faster. */
    NIO {
        @Override
        IoHandlerFactory handlers() {
            return NioIoHandler.newFactory();
        }

        @Override
        public ServerChannel serverChannel() throws IOException {
            return new NioListeningChannel();
        }

        @Override
        public Channel clientChannel() {
            return new NioClientChannel();
        }
    };

    abstract IoHandlerFactory handlers();

    public abstract ServerChannel serverChannel() throws IOException;

    /** {@return a socket for a connection to another broker} */
    public abstract Channel clientChannel();

    /** {@return the best one of this platform} */
    public static Transport best() {
        return Epoll.isAvailable() ? EPOLL : NIO;
    }

    /**
     * Makes the processors' loops.
     *
     * @param count how many
     * @param daemon whether their threads let the JVM end
     * @param made told of each thread that is made for them
     */
    public EventLoop[] loops(int count, boolean daemon, Consumer<Thread> made) {
        EventLoop[] loops = new EventLoop[count];
        for (int i = 0; i < count; i++) {
            String name = "odradek-network-" + i;
            loops[i] = new SingleThreadIoEventLoop(
                    null,
                    task -> {
                        Thread thread = new FastThreadLocalThread(task, name);
                        thread.setDaemon(daemon);
                        made.accept(thread);
                        return thread;
                    },
                    handlers());
        }
        return loops;
    }
}
