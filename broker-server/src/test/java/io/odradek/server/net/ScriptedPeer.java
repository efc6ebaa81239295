package io.odradek.server.net;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;

/** A server that does with each connection what the test says. */
final class ScriptedPeer implements AutoCloseable {
    private static final int CORRELATION_ID_AT = 4;

    private final ServerSocket listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final AtomicInteger connections = new AtomicInteger();
    private final Script script;
    private volatile Socket last;

    /** What it does with one connection. When that returns, the connection is closed. */
    interface Script {
        void serve(int connection, DataInputStream in, OutputStream out) throws IOException;
    }

    ScriptedPeer(Script script) throws IOException {
        this.script = script;
        Thread thread = new Thread(this::accept, "scripted-peer");
        thread.setDaemon(true);
        thread.start();
    }

    InetSocketAddress address() {
        return new InetSocketAddress(listening.getInetAddress(), listening.getLocalPort());
    }

    /** {@return how many connections there have been} */
    int connections() {
        return connections.get();
    }

    /** Reads a request. {@return its correlation id} */
    static int readRequest(DataInputStream in) throws IOException {
        byte[] frame = in.readNBytes(in.readInt());
        return java.nio.ByteBuffer.wrap(frame).getInt(CORRELATION_ID_AT);
    }

    /** Reads until the other side closes. */
    static void awaitEnd(DataInputStream in) throws IOException {
        while (in.read() >= 0) {
            // What comes is of no interest.
        }
    }

    private void accept() {
        while (!listening.isClosed()) {
            try (Socket socket = listening.accept()) {
                last = socket;
                script.serve(
                        connections.incrementAndGet(),
                        new DataInputStream(socket.getInputStream()),
                        socket.getOutputStream());
            } catch (IOException gone) {
                // The next one is waited for.
            }
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
        if (last != null) {
            last.close();
        }
    }
}
