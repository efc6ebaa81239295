package io.odradek.server.net.secure;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.odradek.server.net.frame.FrameReader;
import io.odradek.server.net.frame.InboundHandler;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;

/**
 * Stands between TLS and a connection: opens when the handshake is done, and brings what was decrypted to where the connection
 * would have read it from a socket. On the connection's loop only.
 *
 * <p>States: <em>shut</em> (the connection has not been told that it is there) to <em>open</em> (the handshake is done).
 */
public final class TlsDoor extends InboundHandler {
    private final FrameReader reader;
    private final Guard guard;
    private boolean open;

    /** Who watches the door. */
    public interface Guard {
        /** The handshake is done. @throws SSLException if the other side is nobody that may come in */
        void shaken(SSLSession session) throws SSLException;

        /** There will be no handshake, or what came after it was none of TLS; the connection is being closed. */
        void failed(Throwable why);
    }

    public TlsDoor(FrameReader reader, Guard guard) {
        this.reader = reader;
        this.guard = guard;
    }

    /** Held back until the door opens. */
    @Override
    public void channelActive(ChannelHandlerContext context) {}

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof SslHandshakeCompletionEvent handshake) {
            if (handshake.isSuccess()) {
                open(context);
            } else {
                guard.failed(handshake.cause());
            }
        } else if (event instanceof SslCloseCompletionEvent) {
            context.close();
        } else {
            context.fireUserEventTriggered(event);
        }
    }

    private void open(ChannelHandlerContext context) {
        SSLSession session = context.pipeline().get(SslHandler.class).engine().getSession();
        try {
            guard.shaken(session);
        } catch (SSLException nobody) {
            guard.failed(nobody);
            context.close();
            return;
        }
        open = true;
        context.fireChannelActive();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object decrypted) {
        ByteBuf bytes = (ByteBuf) decrypted;
        try {
            while (open && bytes.isReadable()) {
                ByteBuf room = reader.buffer(context.alloc());
                room.writeBytes(bytes, Math.min(room.writableBytes(), bytes.readableBytes()));
                context.fireChannelRead(room);
            }
        } finally {
            bytes.release();
        }
    }

    /** Of a handshake that fails, the event tells. */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable fault) {
        Throwable cause = fault instanceof DecoderException && fault.getCause() != null ? fault.getCause() : fault;
        if (!(cause instanceof SSLException)) {
            super.exceptionCaught(context, cause);
        } else if (open) {
            open = false;
            guard.failed(cause);
            context.close();
        }
    }
}
