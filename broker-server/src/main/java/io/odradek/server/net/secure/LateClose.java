package io.odradek.server.net.secure;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.TimeUnit;

/**
 * Stands between the socket and TLS, and closes somewhat later where a handshake has failed: a socket that is closed with bytes
 * unread takes back what it has sent, and the client would not learn why it was refused. Whoever tries keys has to have patience,
 * too.
 */
public final class LateClose extends ChannelDuplexHandler {
    private final int delayMs;
    private boolean late;

    public LateClose(int delayMs) {
        this.delayMs = delayMs;
    }

    /** A handshake has failed: nothing more is heard. */
    public void refused() {
        late = true;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object bytes) {
        if (late) {
            ReferenceCountUtil.release(bytes);
        } else {
            context.fireChannelRead(bytes);
        }
    }

    @Override
    public void close(ChannelHandlerContext context, ChannelPromise promise) {
        if (!late || !context.channel().isActive()) {
            context.close(promise);
            return;
        }
        ((DuplexChannel) context.channel()).shutdownOutput();
        context.executor().schedule(() -> context.close(promise), delayMs, TimeUnit.MILLISECONDS);
    }
}
