package io.odradek.server.login.jwt;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLSocketFactory;

/**
 * Asks somebody over HTTP, for so long and for so many bytes. Not by the JDK's newer client, whose threads would outlive the
 * broker. It blocks.
 *
 * @param sockets of TLS, null for those of the JVM
 * @param connectMs how long it may take to connect
 * @param timeoutMs how long it may take, from the first attempt to connect to the last byte
 * @param mostBytes how long an answer may be
 */
record BoundedHttp(SSLSocketFactory sockets, int connectMs, int timeoutMs, int mostBytes) {
    private static final int PIECE = 8192;

    /**
     * {@return what is at an address}
     *
     * @throws IOException if that cannot be had; the message has nothing of the answer
     */
    byte[] get(URI address) throws IOException {
        return ask(address, Map.of(), null);
    }

    /** {@return what somebody answers} As {@link #get}. */
    byte[] post(URI address, Map<String, String> headers, byte[] body) throws IOException {
        return ask(address, headers, body);
    }

    private byte[] ask(URI address, Map<String, String> headers, byte[] body) throws IOException {
        long endsNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMs);
        HttpURLConnection connection = (HttpURLConnection) address.toURL().openConnection();
        if (sockets != null && connection instanceof HttpsURLConnection https) {
            https.setSSLSocketFactory(sockets);
        }
        connection.setConnectTimeout(connectMs);
        connection.setReadTimeout(timeoutMs);
        connection.setUseCaches(false);
        // The next time is in an hour.
        connection.setRequestProperty("Connection", "close");
        connection.setRequestProperty("Accept", "application/json");
        headers.forEach(connection::setRequestProperty);
        try {
            if (body != null) {
                connection.setDoOutput(true);
                connection.getOutputStream().write(body);
            }
            int status = connection.getResponseCode();
            if (status != HttpURLConnection.HTTP_OK) {
                throw new IOException("it answers with status " + status);
            }
            try (InputStream answer = connection.getInputStream()) {
                return read(answer, connection, endsNs);
            }
        } finally {
            connection.disconnect();
        }
    }

    private byte[] read(InputStream answer, HttpURLConnection connection, long endsNs) throws IOException {
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        byte[] piece = new byte[PIECE];
        for (int bytes = answer.read(piece); bytes >= 0; bytes = answer.read(piece)) {
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
