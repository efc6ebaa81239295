package io.odradek.server.net.frame;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.odradek.protocol.wire.BytesPayload;
import io.odradek.protocol.wire.EncodedMessage;
import io.odradek.protocol.wire.Payload;
import io.odradek.storage.io.FileSlice;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Hands an encoded message to Netty: small buffers by way of pooled direct memory, file slices as they are. What is large
 * goes in pieces, so that it shows how a slow peer gets on.
 */
public final class MessageWriter {
    private static final int PIECE_BYTES = 64 * 1024;

    private MessageWriter() {}

    /**
     * Writes all parts, on the connection's loop.
     *
     * @param written the promise of the last
     * @param pieceWritten is told of each piece before the last of a part that is large
     */
    public static void write(
            ChannelHandlerContext context,
            EncodedMessage message,
            ChannelPromise written,
            ChannelFutureListener pieceWritten) {
        List<Payload> parts = message.parts();
        int last = parts.size() - 1;
        for (int i = 0; i <= last; i++) {
            Object part = toNetty(context, parts.get(i));
            if (part instanceof ByteBuf bytes) {
                writePieces(context, bytes, pieceWritten);
            }
            if (i == last) {
                context.write(part, written);
            } else {
                context.write(part, context.voidPromise());
            }
        }
    }

    private static void writePieces(ChannelHandlerContext context, ByteBuf bytes, ChannelFutureListener pieceWritten) {
        while (bytes.readableBytes() > PIECE_BYTES) {
            context.write(
                    bytes.readRetainedSlice(PIECE_BYTES), context.newPromise().addListener(pieceWritten));
        }
    }

    private static Object toNetty(ChannelHandlerContext context, Payload part) {
        if (part instanceof FileSlice slice) {
            return FileSliceRegion.of(slice);
        }
        if (part instanceof BytesPayload bytes) {
            ByteBuffer buffer = bytes.buffer();
            if (buffer.isDirect()) {
                return Unpooled.wrappedBuffer(buffer);
            }
            ByteBuf direct = context.alloc().directBuffer(buffer.remaining());
            return direct.writeBytes(buffer.duplicate());
        }
        throw new IllegalArgumentException("The transport cannot send " + part.getClass());
    }
}
