package io.odradek.protocol.record;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Inflates gzip members (RFC 1952) that follow each other, out of a buffer and without copying it first. Unlike the JDK's
 * own stream it holds no inflater when it fails to open.
 */
final class GzipInput extends InputStream {
    private static final int MAGIC = 0x1f8b;
    private static final int DEFLATED = 8;
    private static final int HEADER_CHECKSUM = 0x02;
    private static final int EXTRA = 0x04;
    private static final int NAME = 0x08;
    private static final int COMMENT = 0x10;
    private static final int RESERVED = 0xe0;
    /** Modification time, extra flags, operating system. */
    private static final int UNUSED_BYTES = 6;

    private static final int TRAILER_BYTES = 8;

    private final ByteBuffer source;
    private final CRC32 checksum = new CRC32();
    private final Inflater inflater;
    private boolean ended;

    GzipInput(ByteBuffer buffer, int position, int sizeBytes) throws IOException {
        source = buffer.slice(position, sizeBytes);
        readHeader();
        inflater = new Inflater(true);
        inflater.setInput(source);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        while (length > 0 && !ended) {
            int count = inflate(target, offset, length);
            if (count > 0) {
                checksum.update(target, offset, count);
                return count;
            }
            if (inflater.finished()) {
                endMember();
            } else {
                throw new EOFException("the gzip member is cut or needs a dictionary");
            }
        }
        return length == 0 ? 0 : -1;
    }

    @Override
    public void close() {
        inflater.end();
    }

    private int inflate(byte[] target, int offset, int length) throws IOException {
        try {
            return inflater.inflate(target, offset, length);
        } catch (DataFormatException e) {
            throw new IOException("the deflated bytes are broken", e);
        }
    }

    private void endMember() throws IOException {
        requireBytes(TRAILER_BYTES);
        int crc = Integer.reverseBytes(source.getInt());
        int size = Integer.reverseBytes(source.getInt());
        if (crc != (int) checksum.getValue() || size != (int) inflater.getBytesWritten()) {
            throw new IOException("the gzip member has a wrong checksum or size");
        }
        ended = !beginsMember();
        if (!ended) {
            checksum.reset();
            inflater.reset();
            inflater.setInput(source);
        }
    }

    /** What follows a member and is none does not count, as with the JDK's stream, by which Kafka reads. */
    private boolean beginsMember() {
        try {
            readHeader();
            return true;
        } catch (IOException notAMember) {
            return false;
        }
    }

    private void readHeader() throws IOException {
        requireBytes(Short.BYTES + 2 + UNUSED_BYTES);
        int magic = source.getShort() & 0xffff;
        int method = source.get();
        int flags = source.get();
        if (magic != MAGIC || method != DEFLATED || (flags & RESERVED) != 0) {
            throw new IOException("the compressed bytes are not a gzip member");
        }
        skip(UNUSED_BYTES);
        if ((flags & EXTRA) != 0) {
            requireBytes(Short.BYTES);
            skip(Short.reverseBytes(source.getShort()) & 0xffff);
        }
        if ((flags & NAME) != 0) {
            skipText();
        }
        if ((flags & COMMENT) != 0) {
            skipText();
        }
        if ((flags & HEADER_CHECKSUM) != 0) {
            skip(Short.BYTES);
        }
    }

    private void skipText() throws IOException {
        do {
            requireBytes(1);
        } while (source.get() != 0);
    }

    private void skip(int count) throws IOException {
        requireBytes(count);
        source.position(source.position() + count);
    }

    private void requireBytes(int count) throws IOException {
        if (source.remaining() < count) {
            throw new EOFException("the gzip member is cut");
        }
    }
}
