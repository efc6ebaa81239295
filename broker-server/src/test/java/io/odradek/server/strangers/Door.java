package io.odradek.server.strangers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Random;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * A listener that strangers come to.
 *
 * @param address where it is
 * @param tls what speaks TLS there; null for plain bytes
 * @param login whether one has to log in
 */
record Door(InetSocketAddress address, SSLContext tls, boolean login) {
    private static final int PATIENCE_MS = 60_000;

    /** {@return a socket that nothing has been said on} Strangers come from many addresses: one has not enough ports for all. */
    Socket knock(Random random) throws IOException {
        Socket socket = new Socket();
        try {
            byte[] from = {
                127, (byte) (1 + random.nextInt(200)), (byte) random.nextInt(256), (byte) (1 + random.nextInt(250))
            };
            socket.bind(new InetSocketAddress(InetAddress.getByAddress(from), 0));
            socket.setSoTimeout(PATIENCE_MS);
            socket.setTcpNoDelay(true);
            socket.connect(address, PATIENCE_MS);
            return socket;
        } catch (IOException failed) {
            socket.close();
            throw failed;
        }
    }

    /** {@return a socket that requests go over: where there is TLS, its handshake is done} */
    Socket enter(Random random) throws IOException {
        Socket plain = knock(random);
        if (tls == null) {
            return plain;
        }
        try {
            SSLSocket socket = (SSLSocket) tls.getSocketFactory()
                    .createSocket(plain, address.getAddress().getHostAddress(), address.getPort(), true);
            socket.startHandshake();
            return socket;
        } catch (IOException failed) {
            plain.close();
            throw failed;
        }
    }

    /** Ends a connection in one of the ways in which they end. */
    static void leave(Socket socket, Random random) {
        try {
            if (random.nextBoolean()) {
                socket.setSoLinger(true, 0);
            }
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
