package io.odradek.server.tls;

import io.odradek.server.embedded.EmbeddedBroker;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/** Sockets that speak TLS with a broker. */
final class TlsPeer {
    private TlsPeer() {}

    static InetSocketAddress address(EmbeddedBroker broker, String listener) throws IOException {
        String hostAndPort = broker.bootstrapServers(listener);
        int colon = hostAndPort.lastIndexOf(':');
        return new InetSocketAddress(
                InetAddress.getByName(hostAndPort.substring(0, colon)),
                Integer.parseInt(hostAndPort.substring(colon + 1)));
    }

    /** {@return a socket whose handshake is done} */
    static SSLSocket shake(InetSocketAddress to, X509Certificate trusted) throws IOException, GeneralSecurityException {
        return shake(new Socket(to.getAddress(), to.getPort()), trusted);
    }

    /** {@return what speaks TLS over a socket, its handshake done} */
    static SSLSocket shake(Socket plain, X509Certificate trusted) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setCertificateEntry("root", trusted);
        TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
        factory.init(store);
        SSLContext context = SSLContext.getInstance("TLSv1.3");
        context.init(null, factory.getTrustManagers(), null);
        SSLSocket socket = (SSLSocket) context.getSocketFactory()
                .createSocket(plain, plain.getInetAddress().getHostAddress(), plain.getPort(), true);
        socket.setSoTimeout(60_000);
        socket.startHandshake();
        return socket;
    }
}
