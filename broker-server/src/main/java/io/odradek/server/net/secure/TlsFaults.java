package io.odradek.server.net.secure;

import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import io.odradek.protocol.errors.Quoted;

/** What failed in TLS, in words for people: nothing of what came over the network. */
public final class TlsFaults {
    private TlsFaults() {}

    /** {@return what is wrong} */
    public static String words(Throwable fault, int handshakeTimeoutMs) {
        if (fault instanceof NotSslRecordException) {
            return "what came is not TLS";
        }
        if (fault instanceof SslHandshakeTimeoutException) {
            return "it was not done within " + handshakeTimeoutMs + " ms (odradek.tls.handshake.timeout.ms)";
        }
        Throwable root = fault;
        for (int depth = 0; root.getCause() != null && depth < 10; depth++) {
            root = root.getCause();
        }
        String message = root.getMessage();
        return message == null ? root.getClass().getSimpleName() : Quoted.text(message);
    }
}
