package io.odradek.server.net;

import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.ssl.SslHandler;
import io.odradek.core.transport.Peer;
import io.odradek.server.net.secure.FilePieces;
import io.odradek.server.net.secure.LateClose;
import io.odradek.server.net.secure.ListenerTls;
import io.odradek.server.net.secure.TlsDoor;
import io.odradek.server.net.secure.TlsFaults;
import io.odradek.storage.env.FewLines;
import java.nio.channels.ClosedChannelException;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;

/**
 * Puts TLS before the connections of a listener.
 *
 * @param tls how it is spoken there
 * @param byCertificate whether a client is who its certificate says; where one logs in, it is whoever has
 * @param failureDelayMs how long a connection stays whose handshake has failed
 * @param lines about handshakes that fail
 * @param meters counts what comes of them, null for nobody
 */
record TlsGate(ListenerTls tls, boolean byCertificate, int failureDelayMs, FewLines lines, LoginMeters meters) {
    /** What a socket is read into: two records, most of what can come after a connection has stopped to read. */
    private static final int READ_BYTES = 32 * 1024;

    /** What a stranger makes this broker hold who has begun a handshake. */
    private static final int FIRST_READ_BYTES = 2 * 1024;

    /** What a client that takes its answers slowly may hold. */
    private static final int MOST_UNSENT_BYTES = 256 * 1024;

    private static final long CLOSING_MS = 1_000;

    /** Has a connection go through TLS; before it is added to the channel. */
    void before(Connection connection, Channel channel) {
        channel.config()
                .setRecvByteBufAllocator(
                        new AdaptiveRecvByteBufAllocator(FIRST_READ_BYTES, FIRST_READ_BYTES, READ_BYTES));
        channel.config().setWriteBufferWaterMark(new WriteBufferWaterMark(MOST_UNSENT_BYTES / 4, MOST_UNSENT_BYTES));
        SslHandler handler = new SslHandler(tls.engine());
        handler.setHandshakeTimeoutMillis(tls.handshakeTimeoutMs());
        handler.setCloseNotifyFlushTimeoutMillis(CLOSING_MS);
        LateClose close = new LateClose(failureDelayMs);
        channel.pipeline()
                .addLast(
                        close,
                        handler,
                        new FilePieces(),
                        new TlsDoor(connection.reader(), new OfConnection(connection, close)));
    }

    private final class OfConnection implements TlsDoor.Guard {
        private final Connection connection;
        private final LateClose close;

        OfConnection(Connection connection, LateClose close) {
            this.connection = connection;
            this.close = close;
        }

        @Override
        public void shaken(SSLSession session) throws SSLException {
            String principal = byCertificate ? tls.principal(session) : null;
            if (principal != null) {
                connection.context().become(connection.context().peer().as(principal, false));
            }
            if (byCertificate) {
                count(LoginMeters.Kind.SUCCEEDED);
            }
        }

        private void count(LoginMeters.Kind what) {
            if (meters != null) {
                meters.count(what, connection.loop());
            }
        }

        /** Who goes away without a word is not worth a line. */
        @Override
        public void failed(Throwable why) {
            close.refused();
            if (!(why instanceof ClosedChannelException)) {
                count(LoginMeters.Kind.FAILED);
                Peer peer = connection.context().peer();
                lines.warn("Failed authentication with " + peer.host() + " (channelId="
                        + connection.context().id() + ") (SSL handshake failed: "
                        + TlsFaults.words(why, tls.handshakeTimeoutMs()) + ")");
            }
        }
    }
}
