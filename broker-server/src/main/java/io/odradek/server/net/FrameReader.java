package io.odradek.server.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/**
 * Cuts the bytes of one connection into frames: four bytes of length, then the request. It hands out the buffers that the
 * socket is read into, so that most bytes arrive where they stay.
 *
 * <p>Between frames that is a small scratch buffer; requests that lie in it as a whole are slices of it. A frame that is
 * cut by its end gets a buffer of its own, into which the rest is read directly. That buffer starts small, whatever the
 * frame claims its length to be, and doubles as bytes arrive; a connection whose frames have arrived whole before is
 * trusted with as much at once.
 *
 * <p>States: <em>between frames</em> ({@code frame == null}) to <em>inside a frame</em> (a cut frame has begun) to
 * <em>frame whole</em> (all its bytes are here, not taken yet) to <em>between frames</em> (taken).
 */
final class FrameReader {
    static final int LENGTH_BYTES = 4;
    static final int SCRATCH_BYTES = 4096;
    static final int FIRST_FRAME_BYTES = 64 * 1024;

    private final int mostFrameBytes;
    private ByteBuf scratch;
    private ByteBuf frame;
    private int frameBytes;
    private int trustedBytes = FIRST_FRAME_BYTES;
    private boolean closed;

    /** @param mostFrameBytes the longest frame */
    FrameReader(int mostFrameBytes) {
        this.mostFrameBytes = mostFrameBytes;
    }

    /** {@return the buffer for the next read of the socket, with room for at least one byte; the caller releases it} */
    ByteBuf buffer(ByteBufAllocator allocator) {
        if (closed) {
            return allocator.directBuffer(SCRATCH_BYTES);
        }
        if (insideFrame()) {
            if (!frame.isWritable()) {
                frame.capacity((int) Math.min(frameBytes, 2L * frame.capacity()));
            }
            return frame.retain();
        }
        if (scratch == null || !scratch.isWritable()) {
            ByteBuf old = scratch;
            int unread = old == null ? 0 : old.readableBytes();
            scratch = allocator.directBuffer(unread + SCRATCH_BYTES);
            if (old != null) {
                scratch.writeBytes(old);
                old.release();
            }
        }
        return scratch.retain();
    }

    /**
     * Takes the next whole frame, without its length; the caller releases it.
     *
     * @return null if its bytes are not all here
     * @throws BadFrameException if its length is out of bounds; nothing can be read after that
     */
    ByteBuf next(ByteBufAllocator allocator) {
        if (frame != null) {
            return insideFrame() ? null : takeFrame();
        }
        if (scratch == null || scratch.readableBytes() < LENGTH_BYTES) {
            return null;
        }
        int length = scratch.getInt(scratch.readerIndex());
        if (length < 0 || length > mostFrameBytes) {
            throw new BadFrameException("a frame of " + length + " bytes, when 0 to " + mostFrameBytes
                    + " are allowed (socket.request.max.bytes)");
        }
        scratch.skipBytes(LENGTH_BYTES);
        if (scratch.readableBytes() >= length) {
            return scratch.readRetainedSlice(length);
        }
        begin(length, allocator);
        return null;
    }

    /** {@return the memory that a frame holds that is not whole} */
    int partialBytes() {
        return insideFrame() ? frame.capacity() : 0;
    }

    /** Gives the scratch back when nothing is left in it: an idle connection holds no buffer. */
    void readComplete() {
        if (scratch != null && !scratch.isReadable()) {
            scratch.release();
            scratch = null;
        }
    }

    /** Gives everything back. What is read after that is lost. */
    void close() {
        closed = true;
        if (scratch != null) {
            scratch.release();
            scratch = null;
        }
        if (frame != null) {
            frame.release();
            frame = null;
        }
    }

    private void begin(int length, ByteBufAllocator allocator) {
        frameBytes = length;
        int firstBytes = Math.min(length, Math.max(trustedBytes, scratch.readableBytes()));
        frame = allocator.directBuffer(firstBytes, length);
        frame.writeBytes(scratch);
        scratch.release();
        scratch = null;
    }

    private ByteBuf takeFrame() {
        ByteBuf whole = frame;
        frame = null;
        trustedBytes = Math.max(FIRST_FRAME_BYTES, frameBytes);
        return whole;
    }

    private boolean insideFrame() {
        return frame != null && frame.writerIndex() < frameBytes;
    }
}
