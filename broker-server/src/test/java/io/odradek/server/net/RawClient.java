package io.odradek.server.net;

import io.odradek.protocol.api.ApiCodecs;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.ApiRequest;
import io.odradek.protocol.api.RequestHeader;
import io.odradek.protocol.api.RequestHeaderCodec;
import io.odradek.protocol.wire.BytesPayload;
import io.odradek.protocol.wire.Payload;
import io.odradek.protocol.wire.WireWriter;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;

/** A socket, and requests as bytes. */
final class RawClient implements AutoCloseable {
    final Socket socket;
    final DataInputStream in;

    RawClient(InetSocketAddress address) throws IOException {
        socket = new Socket(address.getAddress(), address.getPort());
        socket.setSoTimeout(20_000);
        in = new DataInputStream(socket.getInputStream());
    }

    /** Encodes a request with its frame's length. */
    static byte[] frame(ApiRequest request, short version, int correlationId) {
        ApiKey key = ApiCodecs.key(request);
        WireWriter out = WireWriter.heap(256);
        RequestHeaderCodec.write(
                out,
                new RequestHeader(key.key(), version, correlationId, "raw"),
                ApiCodecs.requestHeaderVersion(key, version));
        ApiCodecs.writeRequest(request, version, out);
        ByteBuffer whole = ByteBuffer.allocate(1 << 24);
        for (Payload part : out.finish().parts()) {
            whole.put(((BytesPayload) part).buffer().duplicate());
        }
        byte[] bytes = new byte[whole.flip().remaining()];
        whole.get(bytes);
        return bytes;
    }

    void send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    void send(byte[] bytes, int from, int to) throws IOException {
        socket.getOutputStream().write(bytes, from, to - from);
    }

    void send(ApiRequest request, short version, int correlationId) throws IOException {
        send(frame(request, version, correlationId));
    }

    /** Reads a response without its length; from the correlation id on. */
    ByteBuffer receive() throws IOException {
        byte[] body = new byte[in.readInt()];
        in.readFully(body);
        return ByteBuffer.wrap(body);
    }

    /** {@return whether the peer has closed the connection, waiting for it} */
    boolean isClosedByPeer() throws IOException {
        try {
            return in.read() < 0;
        } catch (java.net.SocketException reset) {
            return true;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
