package io.odradek.server.login.jwt;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLSocketFactory;

/**
 * Asks somebody over HTTP, for so long and for so many bytes. Not by the JDK's newer client, whose threads would outlive the
 * broker. It blocks.
 *
 * @param sockets of TLS, null for those of the JVM
 * @param timeoutMs how long it may take, from the first attempt to connect to the last byte
 * @param mostBytes how long an answer may be
 */
record BoundedHttp(SSLSocketFactory sockets, int timeoutMs, int mostBytes) {
    private static final int PIECE = 8192;

    /**
     * {@return what is at an address}
     *
     * @throws IOException if that cannot be had; the message has nothing of the answer
     */
    byte[] get(URI address) throws IOException {
        long endsNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMs);
        HttpURLConnection connection = (HttpURLConnection) address.toURL().openConnection();
        if (sockets != null && connection instanceof HttpsURLConnection https) {
            https.setSSLSocketFactory(sockets);
        }
        connection.setConnectTimeout(timeoutMs);
        connection.setReadTimeout(timeoutMs);
        connection.setUseCaches(false);
        // The next time is in an hour.
        connection.setRequestProperty("Connection", "close");
        connection.setRequestProperty("Accept", "application/json");
        try {
            int status = connection.getResponseCode();
            if (status != HttpURLConnection.HTTP_OK) {
                throw new IOException("it answers with status " + status);
            }
            try (InputStream body = connection.getInputStream()) {
                return read(body, connection, endsNs);
            }
        } finally {
            connection.disconnect();
        }
    }

    private byte[] read(InputStream body, HttpURLConnection connection, long endsNs) throws IOException {
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        byte[] piece = new byte[PIECE];
        for (int bytes = body.read(piece); bytes >= 0; bytes = body.read(piece)) {
            read.write(piece, 0, bytes);
            if (read.size() > mostBytes) {
                throw new IOException("its answer is longer than " + mostBytes + " bytes");
            }
            long leftMs = TimeUnit.NANOSECONDS.toMillis(endsNs - System.nanoTime());
            if (leftMs <= 0) {
                throw new SocketTimeoutException("its answer takes longer than " + timeoutMs + " ms");
            }
            connection.setReadTimeout((int) leftMs);
        }
        return read.toByteArray();
    }
}
