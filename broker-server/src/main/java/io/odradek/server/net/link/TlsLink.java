package io.odradek.server.net.link;

import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.handler.ssl.SslHandler;
import io.odradek.server.net.secure.ListenerTls;
import io.odradek.server.net.secure.TlsDoor;
import io.odradek.server.net.secure.TlsFaults;
import javax.net.ssl.SSLSession;

/** Puts TLS before a connection to another broker. */
public final class TlsLink implements TlsDoor.Guard {
    private static final int FIRST_READ_BYTES = 2 * 1024;
    private static final int MOST_READ_BYTES = 64 * 1024;

    private final BrokerLink link;
    private final int handshakeTimeoutMs;

    private TlsLink(BrokerLink link, int handshakeTimeoutMs) {
        this.link = link;
        this.handshakeTimeoutMs = handshakeTimeoutMs;
    }

    /** Has a link go through TLS; before it is added to its channel. It is told that it is connected once the handshake is done. */
    static void before(BrokerLink link, Channel channel, Destination destination, ListenerTls tls) {
        channel.config()
                .setRecvByteBufAllocator(
                        new AdaptiveRecvByteBufAllocator(FIRST_READ_BYTES, FIRST_READ_BYTES, MOST_READ_BYTES));
        SslHandler handler = new SslHandler(tls.engineTo(destination.host(), destination.port()));
        handler.setHandshakeTimeoutMillis(tls.handshakeTimeoutMs());
        channel.pipeline().addLast(handler, new TlsDoor(link.reader(), new TlsLink(link, tls.handshakeTimeoutMs())));
    }

    /** That the other is who it should be, the handshake itself has found out. */
    @Override
    public void shaken(SSLSession session) {
        // The link goes on.
    }

    @Override
    public void failed(Throwable why) {
        link.lose("SSL handshake failed: " + TlsFaults.words(why, handshakeTimeoutMs), why);
    }
}
