package io.odradek.benchmarks;

import io.odradek.protocol.record.RecordBatch;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** A connection that speaks the first versions of Produce and Fetch, which clients of today have forgotten. */
final class OldWire implements Closeable {
    private static final short PRODUCE = 0;
    private static final short FETCH = 1;
    private static final int TIMEOUT_MS = 30_000;
    private static final int MAX_WAIT_MS = 500;
    private static final int MAX_BYTES = 50 << 20;
    private static final int CORRELATION_BYTES = 4;
    private static final int LAST_OFFSET_DELTA = 23;

    private final Socket socket;
    private final DataInputStream in;
    private final OutputStream out;
    private byte[] answer = new byte[1 << 16];

    /** What a fetch has brought. @param nextOffset after the last whole record; where it began, if there is none */
    record Fetched(long nextOffset, long highWatermark) {}

    OldWire(String server) throws IOException {
        int colon = server.lastIndexOf(':');
        socket = new Socket(server.substring(0, colon), Integer.parseInt(server.substring(colon + 1)));
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(TIMEOUT_MS);
        in = new DataInputStream(socket.getInputStream());
        out = socket.getOutputStream();
    }

    private static ByteBuffer frame(short api, int version, int roomBytes) {
        ByteBuffer frame = ByteBuffer.allocate(64 + roomBytes);
        frame.putInt(0).putShort(api).putShort((short) version).putInt(1);
        put(frame, "old");
        return frame;
    }

    private static void put(ByteBuffer frame, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        frame.putShort((short) bytes.length).put(bytes);
    }

    private static byte[] finished(ByteBuffer frame) {
        frame.putInt(0, frame.position() - Integer.BYTES);
        byte[] bytes = new byte[frame.flip().remaining()];
        frame.get(bytes);
        return bytes;
    }

    /** {@return a Produce request of version 0 to 8 with acks=1, whole} */
    static byte[] produceRequest(int version, String topic, int partition, ByteBuffer records) {
        ByteBuffer frame = frame(PRODUCE, version, topic.length() + records.remaining() + 64);
        if (version >= 3) {
            frame.putShort((short) -1);
        }
        frame.putShort((short) 1).putInt(TIMEOUT_MS).putInt(1);
        put(frame, topic);
        frame.putInt(1).putInt(partition).putInt(records.remaining()).put(records.duplicate());
        return finished(frame);
    }

    /** {@return a Fetch request of version 0 to 4, whole} */
    static byte[] fetchRequest(int version, String topic, int partition, long offset, int partitionMaxBytes) {
        ByteBuffer frame = frame(FETCH, version, topic.length() + 64);
        frame.putInt(-1).putInt(MAX_WAIT_MS).putInt(1);
        if (version >= 3) {
            frame.putInt(MAX_BYTES);
        }
        if (version >= 4) {
            frame.put((byte) 0);
        }
        frame.putInt(1);
        put(frame, topic);
        frame.putInt(1).putInt(partition).putLong(offset).putInt(partitionMaxBytes);
        return finished(frame);
    }

    void send(byte[] request) throws IOException {
        out.write(request);
    }

    private ByteBuffer receive() throws IOException {
        int size = in.readInt();
        if (size > answer.length) {
            answer = new byte[size];
        }
        in.readFully(answer, 0, size);
        return ByteBuffer.wrap(answer, 0, size).position(CORRELATION_BYTES);
    }

    private static void skipText(ByteBuffer buffer) {
        buffer.position(Short.BYTES + buffer.getShort(buffer.position()) + buffer.position());
    }

    private static void requireNone(int errorCode) throws IOException {
        if (errorCode != 0) {
            throw new IOException("The broker answers with error " + errorCode);
        }
    }

    /** Reads the answer to a Produce request of one partition. */
    void readProduced() throws IOException {
        ByteBuffer read = receive();
        read.getInt();
        skipText(read);
        read.getInt();
        read.getInt();
        requireNone(read.getShort());
    }

    /** Reads the answer to a Fetch request of one partition. */
    Fetched readFetched(int version, long offset) throws IOException {
        ByteBuffer read = receive();
        if (version >= 1) {
            read.getInt();
        }
        read.getInt();
        skipText(read);
        read.getInt();
        read.getInt();
        requireNone(read.getShort());
        long highWatermark = read.getLong();
        if (version >= 4) {
            read.getLong();
            int aborted = Math.max(0, read.getInt());
            read.position(read.position() + aborted * 2 * Long.BYTES);
        }
        int size = read.getInt();
        return new Fetched(lastOffset(read, size, offset - 1) + 1, highWatermark);
    }

    private static long lastOffset(ByteBuffer read, int size, long before) {
        long last = before;
        int end = read.position() + size;
        int at = read.position();
        while (end - at >= RecordBatch.PREFIX_SIZE
                && read.getInt(at + Long.BYTES) <= end - at - RecordBatch.LOG_OVERHEAD) {
            int delta = read.get(at + RecordBatch.PREFIX_SIZE - 1) == RecordBatch.MAGIC
                    ? read.getInt(at + LAST_OFFSET_DELTA)
                    : 0;
            last = read.getLong(at) + delta;
            at += RecordBatch.LOG_OVERHEAD + read.getInt(at + Long.BYTES);
        }
        return last;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
