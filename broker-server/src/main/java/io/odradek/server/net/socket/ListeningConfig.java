package io.odradek.server.net.socket;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelOption;
import io.netty.channel.DefaultMessageSizeEstimator;
import io.netty.channel.MessageSizeEstimator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.ServerChannelRecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.util.Map;

/**
 * The settings of a {@link NioListeningChannel}: whether it accepts, how many may wait for that, and whether its address may
 * be used again at once. What a channel can be told beside that has no meaning for one that listens, and is not taken.
 */
public final class ListeningConfig implements ChannelConfig {
    private static final int USUAL_BACKLOG = 128;

    private final NioListeningChannel channel;
    private final RecvByteBufAllocator accepting = new ServerChannelRecvByteBufAllocator();
    private volatile boolean autoRead = true;
    private volatile int backlog = USUAL_BACKLOG;

    ListeningConfig(NioListeningChannel channel) {
        this.channel = channel;
    }

    /** {@return how many connections may wait to be accepted} */
    int backlog() {
        return backlog;
    }

    @Override
    public Map<ChannelOption<?>, Object> getOptions() {
        return Map.of(ChannelOption.AUTO_READ, autoRead, ChannelOption.SO_BACKLOG, backlog);
    }

    @Override
    public boolean setOptions(Map<ChannelOption<?>, ?> options) {
        throw new UnsupportedOperationException("One at a time");
    }

    @Override
    public <T> T getOption(ChannelOption<T> option) {
        return null;
    }

    @Override
    public <T> boolean setOption(ChannelOption<T> option, T value) {
        if (option == ChannelOption.SO_BACKLOG) {
            backlog = (Integer) value;
            return true;
        }
        if (option == ChannelOption.SO_REUSEADDR) {
            try {
                channel.javaChannel().setOption(StandardSocketOptions.SO_REUSEADDR, (Boolean) value);
                return true;
            } catch (IOException closed) {
                return false;
            }
        }
        return false;
    }

    @Override
    public boolean isAutoRead() {
        return autoRead;
    }

    @Override
    public ChannelConfig setAutoRead(boolean on) {
        boolean was = autoRead;
        autoRead = on;
        if (on && !was) {
            channel.read();
        } else if (!on && was) {
            channel.doNotAccept();
        }
        return this;
    }

    @Override
    @SuppressWarnings("unchecked")
    public <T extends RecvByteBufAllocator> T getRecvByteBufAllocator() {
        return (T) accepting;
    }

    @Override
    public ByteBufAllocator getAllocator() {
        return PooledByteBufAllocator.DEFAULT;
    }

    @Override
    public MessageSizeEstimator getMessageSizeEstimator() {
        return DefaultMessageSizeEstimator.DEFAULT;
    }

    @Override
    public WriteBufferWaterMark getWriteBufferWaterMark() {
        return WriteBufferWaterMark.DEFAULT;
    }

    @Override
    public int getWriteBufferHighWaterMark() {
        return WriteBufferWaterMark.DEFAULT.high();
    }

    @Override
    public int getWriteBufferLowWaterMark() {
        return WriteBufferWaterMark.DEFAULT.low();
    }

    @Override
    public int getConnectTimeoutMillis() {
        return 0;
    }

    @Override
    @Deprecated
    public int getMaxMessagesPerRead() {
        return channel.metadata().defaultMaxMessagesPerRead();
    }

    @Override
    public int getWriteSpinCount() {
        return 1;
    }

    @Override
    public boolean isAutoClose() {
        return true;
    }

    @Override
    public ChannelConfig setConnectTimeoutMillis(int timeoutMs) {
        return notTaken();
    }

    @Override
    @Deprecated
    public ChannelConfig setMaxMessagesPerRead(int most) {
        return notTaken();
    }

    @Override
    public ChannelConfig setWriteSpinCount(int count) {
        return notTaken();
    }

    @Override
    public ChannelConfig setAllocator(ByteBufAllocator allocator) {
        return notTaken();
    }

    @Override
    public ChannelConfig setRecvByteBufAllocator(RecvByteBufAllocator allocator) {
        return notTaken();
    }

    @Override
    public ChannelConfig setAutoClose(boolean on) {
        return notTaken();
    }

    @Override
    public ChannelConfig setWriteBufferHighWaterMark(int bytes) {
        return notTaken();
    }

    @Override
    public ChannelConfig setWriteBufferLowWaterMark(int bytes) {
        return notTaken();
    }

    @Override
    public ChannelConfig setMessageSizeEstimator(MessageSizeEstimator estimator) {
        return notTaken();
    }

    @Override
    public ChannelConfig setWriteBufferWaterMark(WriteBufferWaterMark marks) {
        return notTaken();
    }

    private static ChannelConfig notTaken() {
        throw new UnsupportedOperationException("That has no meaning for a socket that listens");
    }
}
