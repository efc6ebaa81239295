package io.odradek.server.net.frame;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelConfig;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.util.UncheckedBooleanSupplier;

/** Lets a connection's {@link FrameReader} choose what its socket is read into. One for each connection. */
public final class FrameReceiveAllocator implements RecvByteBufAllocator {
    /** Reads of one connection before the others of its processor have their turn. */
    private static final int MOST_READS = 16;

    private final FrameReader reader;

    public FrameReceiveAllocator(FrameReader reader) {
        this.reader = reader;
    }

    @Override
    @SuppressWarnings("deprecation") // Netty asks for this method and for no other
    public Handle newHandle() {
        return new FrameHandle();
    }

    private final class FrameHandle implements ExtendedHandle {
        private ChannelConfig config;
        private int attemptedBytes;
        private int lastBytes;
        private int reads;

        @Override
        public ByteBuf allocate(ByteBufAllocator allocator) {
            return reader.buffer(allocator);
        }

        @Override
        public int guess() {
            return FrameReader.SCRATCH_BYTES;
        }

        @Override
        public void reset(ChannelConfig channelConfig) {
            config = channelConfig;
            reads = 0;
        }

        @Override
        public void incMessagesRead(int count) {
            reads += count;
        }

        @Override
        public void lastBytesRead(int bytes) {
            lastBytes = bytes;
        }

        @Override
        public int lastBytesRead() {
            return lastBytes;
        }

        @Override
        public void attemptedBytesRead(int bytes) {
            attemptedBytes = bytes;
        }

        @Override
        public int attemptedBytesRead() {
            return attemptedBytes;
        }

        @Override
        public boolean continueReading() {
            return lastBytes == attemptedBytes && mayRead();
        }

        @Override
        public boolean continueReading(UncheckedBooleanSupplier maybeMoreData) {
            return maybeMoreData.get() && mayRead();
        }

        private boolean mayRead() {
            return lastBytes > 0 && reads < MOST_READS && config.isAutoRead();
        }

        @Override
        public void readComplete() {
            // The connection is told by its own channelReadComplete.
        }
    }
}
