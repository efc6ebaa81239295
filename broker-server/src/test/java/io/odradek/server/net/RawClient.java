package io.odradek.server.net;

import io.odradek.protocol.api.ApiCodecs;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.ApiRequest;
import io.odradek.protocol.api.ApiResponse;
import io.odradek.protocol.api.RequestHeader;
import io.odradek.protocol.api.RequestHeaderCodec;
import io.odradek.protocol.api.ResponseHeader;
import io.odradek.protocol.api.ResponseHeaderCodec;
import io.odradek.protocol.wire.BytesPayload;
import io.odradek.protocol.wire.EncodedMessage;
import io.odradek.protocol.wire.Payload;
import io.odradek.protocol.wire.WireReader;
import io.odradek.protocol.wire.WireWriter;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;

/** A socket, and requests as bytes. */
public final class RawClient implements AutoCloseable {
    public final Socket socket;
    final DataInputStream in;

    public RawClient(InetSocketAddress address) throws IOException {
        this(new Socket(address.getAddress(), address.getPort()));
    }

    /** @param from the address to connect from */
    public RawClient(InetSocketAddress address, InetAddress from) throws IOException {
        this(new Socket(address.getAddress(), address.getPort(), from, 0));
    }

    private RawClient(Socket connected) throws IOException {
        socket = connected;
        socket.setSoTimeout(60_000);
        in = new DataInputStream(socket.getInputStream());
    }

    /** Encodes a request with its frame's length. */
    public static byte[] frame(ApiRequest request, short version, int correlationId) {
        ApiKey key = ApiCodecs.key(request);
        WireWriter out = WireWriter.heap(256);
        RequestHeaderCodec.write(
                out,
                new RequestHeader(key.key(), version, correlationId, "raw"),
                ApiCodecs.requestHeaderVersion(key, version));
        ApiCodecs.writeRequest(request, version, out);
        EncodedMessage message = out.finish();
        ByteBuffer whole = ByteBuffer.allocate(message.sizeBytes());
        for (Payload part : message.parts()) {
            whole.put(((BytesPayload) part).buffer().duplicate());
        }
        return whole.array();
    }

    public void send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    public void send(byte[] bytes, int from, int to) throws IOException {
        socket.getOutputStream().write(bytes, from, to - from);
    }

    public void send(ApiRequest request, short version, int correlationId) throws IOException {
        send(frame(request, version, correlationId));
    }

    /** Reads a response without its length; from the correlation id on. */
    public ByteBuffer receive() throws IOException {
        byte[] body = new byte[in.readInt()];
        in.readFully(body);
        return ByteBuffer.wrap(body);
    }

    /** Sends a request and reads its answer, which must be the next one. */
    public <R extends ApiResponse> R ask(ApiRequest request, int version, Class<R> type) throws IOException {
        send(request, (short) version, 77);
        return answer(ApiCodecs.key(request), version, 77, type);
    }

    /** Reads the next answer. */
    public <R extends ApiResponse> R answer(ApiKey key, int version, int correlationId, Class<R> type)
            throws IOException {
        WireReader reader = new WireReader(receive());
        ResponseHeader header = ResponseHeaderCodec.read(reader, ApiCodecs.responseHeaderVersion(key, (short) version));
        if (header.correlationId() != correlationId) {
            throw new IOException("Answer " + header.correlationId() + " when " + correlationId + " was expected");
        }
        R response = type.cast(ApiCodecs.readResponse(key, (short) version, reader));
        reader.expectEnd();
        return response;
    }

    /** {@return whether the peer has closed the connection, waiting for it} */
    public boolean isClosedByPeer() throws IOException {
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
