package io.odradek.server.net.frame;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/**
 * Cuts the bytes of one connection into frames: four bytes of length, then the request. It hands out the buffers that the
 * socket is read into, so that most bytes arrive where they stay.
 *
 * <p>Between frames that is a small scratch buffer; requests that lie in it as a whole are slices of it. A frame that is
 * cut by its end gets a buffer of its own, into which the rest is read directly. That buffer starts small, whatever the
 * frame claims its length to be, and doubles as bytes arrive; a connection whose frames have arrived whole before is
 * trusted with as much at once, while there is plenty.
 *
 * <p>The buffers are charged to {@link FrameMemory}; where that has no more, the frame waits for it, cut. A whole frame takes
 * its charge along ({@link #chargeOf}). One that would fit into the scratch is not charged once it is taken, nor is a scratch
 * that is given back at the end of the read: permits and processors bound both.
 *
 * <p>States: <em>between frames</em> ({@code frame == null}) to <em>inside a frame</em> (a cut frame has begun) to
 * <em>frame whole</em> (all its bytes are here, not taken yet) to <em>between frames</em> (taken).
 */
public final class FrameReader {
    static final int LENGTH_BYTES = 4;
    static final int SCRATCH_BYTES = 4096;
    static final int FIRST_FRAME_BYTES = 64 * 1024;
    private static final int API_KEY_BYTES = 2;
    private static final int ANYWAY_PART = 8;

    private FrameBounds bounds;
    private final FrameMemory memory;
    private final WaitingLine.Place place;
    private ByteBuf scratch;
    private int chargedScratchBytes;
    private ByteBuf frame;
    private int frameBytes;
    private int trustedBytes = FIRST_FRAME_BYTES;
    private boolean closed;

    /** What stands next. */
    public enum Head {
        /** Nothing, or a frame whose bytes are not all here. */
        CUT,
        /** A frame that may be taken. */
        WHOLE,
        /** A frame for the rest of which there is no memory; the place is in the line. */
        WITHOUT_MEMORY
    }

    /** @param place where it waits for memory */
    public FrameReader(FrameBounds bounds, FrameMemory memory, WaitingLine.Place place) {
        this.bounds = bounds;
        this.memory = memory;
        this.place = place;
    }

    /** Says how long the frames may be that come from now on. */
    public void bounds(FrameBounds now) {
        bounds = now;
    }

    /** {@return what a frame that was taken holds of the memory until it is released} */
    public static int chargeOf(int frameBytes) {
        return frameBytes > SCRATCH_BYTES ? frameBytes : 0;
    }

    /** {@return the buffer for the next read of the socket, with room for at least one byte; the caller releases it} */
    public ByteBuf buffer(ByteBufAllocator allocator) {
        if (closed) {
            return allocator.directBuffer(SCRATCH_BYTES);
        }
        if (insideFrame()) {
            if (!frame.isWritable()) {
                growAnyway();
            }
            return frame.retain();
        }
        if (scratch == null || !scratch.isWritable()) {
            ByteBuf old = scratch;
            int unread = old == null ? 0 : old.readableBytes();
            scratch = allocator.directBuffer(unread + Math.max(unread, SCRATCH_BYTES));
            if (old != null) {
                scratch.writeBytes(old);
                old.release();
            }
        }
        return scratch.retain();
    }

    /**
     * Looks at what has arrived, and makes room for the rest of a frame that is cut.
     *
     * @throws BadFrameException if its length is out of bounds; nothing can be read after that
     */
    public Head head(ByteBufAllocator allocator) {
        if (frame != null) {
            if (!insideFrame()) {
                return Head.WHOLE;
            }
            return frame.isWritable() || grow() ? Head.CUT : Head.WITHOUT_MEMORY;
        }
        int readable = scratch == null ? 0 : scratch.readableBytes();
        if (readable < LENGTH_BYTES) {
            return Head.CUT;
        }
        int length = length();
        bounds.check(length);
        if (readable >= LENGTH_BYTES + API_KEY_BYTES) {
            bounds.check(length, scratch.getShort(scratch.readerIndex() + LENGTH_BYTES));
        }
        if (readable - LENGTH_BYTES >= length) {
            return Head.WHOLE;
        }
        boolean known = readable >= LENGTH_BYTES + API_KEY_BYTES;
        return !known || begin(length, allocator) ? Head.CUT : Head.WITHOUT_MEMORY;
    }

    /** {@return the length of the frame that stands next} */
    public int length() {
        return frame != null ? frameBytes : scratch.getInt(scratch.readerIndex());
    }

    /** Takes the whole frame that stands next, without its length; the caller releases it, and its charge. */
    public ByteBuf take() {
        if (frame == null) {
            int length = scratch.readInt();
            ByteBuf slice = scratch.readRetainedSlice(length);
            if (chargeOf(length) > 0) {
                memory.takeAnyway(length);
            }
            return slice;
        }
        ByteBuf whole = frame;
        frame = null;
        trustedBytes = Math.max(FIRST_FRAME_BYTES, frameBytes);
        if (chargeOf(frameBytes) == 0) {
            memory.giveBack(frameBytes);
        }
        return whole;
    }

    /** {@return the memory that a frame holds that is not whole, be it but its first few bytes} */
    public int partialBytes() {
        if (frame != null) {
            return insideFrame() ? frame.capacity() : 0;
        }
        return scratch != null && scratch.readableBytes() < LENGTH_BYTES + API_KEY_BYTES ? chargedScratchBytes : 0;
    }

    /**
     * Says that the socket has no more for the time being. Gives the scratch back when nothing is left in it: an idle
     * connection holds no buffer.
     */
    public void settle() {
        if (closed) {
            return;
        }
        if (scratch != null && !scratch.isReadable()) {
            scratch.release();
            scratch = null;
        }
        int heldBytes = scratch == null ? 0 : scratch.capacity();
        if (heldBytes > chargedScratchBytes) {
            memory.takeAnyway(heldBytes - chargedScratchBytes);
        } else if (heldBytes < chargedScratchBytes) {
            memory.giveBack(chargedScratchBytes - heldBytes);
        }
        chargedScratchBytes = heldBytes;
    }

    /** Gives everything back. What is read after that is lost. */
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        long heldBytes = chargedScratchBytes;
        if (scratch != null) {
            scratch.release();
            scratch = null;
        }
        if (frame != null) {
            heldBytes += frame.capacity();
            frame.release();
            frame = null;
        }
        memory.giveBack(heldBytes);
    }

    private boolean begin(int length, ByteBufAllocator allocator) {
        bounds.checkFits(length);
        int firstBytes = firstBytes(length);
        if (!memory.take(place, firstBytes)) {
            return false;
        }
        try {
            frame = allocator.directBuffer(firstBytes, length);
        } catch (RuntimeException | Error noMemory) {
            memory.giveBack(firstBytes);
            throw noMemory;
        }
        frameBytes = length;
        scratch.skipBytes(LENGTH_BYTES);
        frame.writeBytes(scratch);
        scratch.release();
        scratch = null;
        return true;
    }

    private int firstBytes(int length) {
        int trusted = Math.min(length, trustedBytes);
        int small = Math.min(length, Math.max(FIRST_FRAME_BYTES, scratch.readableBytes()));
        return trusted > small && memory.hasPlentyFor(trusted) ? trusted : small;
    }

    /** While the bytes are copied, both the old buffer and the new are there. */
    private boolean grow() {
        int before = frame.capacity();
        int after = (int) Math.min(frameBytes, 2L * before);
        if (!memory.take(place, after)) {
            return false;
        }
        resize(before, after);
        return true;
    }

    /** When a peer closes its side, sockets are read to their end although nobody asked for more. */
    private void growAnyway() {
        int before = frame.capacity();
        int after = (int) Math.min(frameBytes, before + (long) Math.max(SCRATCH_BYTES, before / ANYWAY_PART));
        memory.takeAnyway(after);
        resize(before, after);
    }

    private void resize(int before, int after) {
        int unused = after;
        try {
            frame.capacity(after);
            unused = before;
        } finally {
            memory.giveBack(unused);
        }
    }

    private boolean insideFrame() {
        return frame != null && frame.writerIndex() < frameBytes;
    }
}
