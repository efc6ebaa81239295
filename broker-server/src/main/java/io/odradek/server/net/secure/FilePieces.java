package io.odradek.server.net.secure;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.FileRegion;
import io.netty.util.ReferenceCountUtil;
import io.odradek.server.net.frame.FileSliceRegion;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Stands before what must see the bytes that it sends, as TLS must: turns file slices into buffers, a piece at a time and only
 * as the socket takes them, so that the largest answer to the slowest client holds no more than the channel's high water mark.
 * The order of all that is written is kept. On the connection's loop only.
 */
public final class FilePieces extends ChannelDuplexHandler {
    private static final int PIECE_BYTES = 64 * 1024;

    /** What one connection may send before the others of its loop have their turn. */
    private static final int TURN_BYTES = 1024 * 1024;

    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private boolean pumping;
    private boolean flushNeeded;

    /** What has not been handed on, or not as a whole. */
    private static final class Waiting {
        private final Object part;
        private final ChannelPromise promise;
        private long handedOn;

        Waiting(Object part, ChannelPromise promise) {
            this.part = part;
            this.promise = promise;
        }
    }

    @Override
    public void write(ChannelHandlerContext context, Object part, ChannelPromise promise) {
        if (waiting.isEmpty() && !(part instanceof FileRegion)) {
            context.write(part, promise);
        } else {
            waiting.add(new Waiting(part, promise));
        }
    }

    @Override
    public void flush(ChannelHandlerContext context) {
        flushNeeded = true;
        pump(context);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        pump(context);
        context.fireChannelWritabilityChanged();
    }

    @Override
    public void close(ChannelHandlerContext context, ChannelPromise promise) {
        fail(new ClosedChannelException());
        context.close(promise);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        fail(new ClosedChannelException());
        context.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        fail(new ClosedChannelException());
    }

    private void pump(ChannelHandlerContext context) {
        if (pumping) {
            return;
        }
        pumping = true;
        try {
            long left = TURN_BYTES;
            do {
                while (mayWrite(context) && left > 0) {
                    left -= writeNext(context);
                    flushNeeded = true;
                }
                if (flushNeeded) {
                    flushNeeded = false;
                    context.flush();
                }
            } while (flushNeeded || mayWrite(context) && left > 0);
        } catch (IOException | RuntimeException | Error fault) {
            fail(fault);
            context.close();
            context.fireExceptionCaught(fault);
        } finally {
            pumping = false;
        }
        if (mayWrite(context)) {
            context.executor().execute(() -> pump(context));
        }
    }

    private boolean mayWrite(ChannelHandlerContext context) {
        return !waiting.isEmpty() && context.channel().isWritable();
    }

    /** {@return how many bytes} */
    private long writeNext(ChannelHandlerContext context) throws IOException {
        Waiting next = waiting.peek();
        if (!(next.part instanceof FileRegion region)) {
            waiting.poll();
            int bytes = ((ByteBuf) next.part).readableBytes();
            context.write(next.part, next.promise);
            return bytes;
        }
        int bytes = (int) Math.min(PIECE_BYTES, region.count() - next.handedOn);
        ByteBuf piece = bytes == 0 ? Unpooled.EMPTY_BUFFER : context.alloc().directBuffer(bytes);
        try {
            FileSliceRegion.read(region, next.handedOn, piece, bytes);
        } catch (IOException | RuntimeException | Error unread) {
            piece.release();
            throw unread;
        }
        next.handedOn += bytes;
        if (next.handedOn < region.count()) {
            context.write(piece, context.voidPromise());
        } else {
            waiting.poll();
            region.release();
            context.write(piece, next.promise);
        }
        return bytes;
    }

    private void fail(Throwable why) {
        Waiting lost;
        while ((lost = waiting.poll()) != null) {
            ReferenceCountUtil.release(lost.part);
            if (!lost.promise.isVoid()) {
                lost.promise.tryFailure(why);
            }
        }
    }
}
