package io.odradek.server.net.frame;

import io.netty.buffer.ByteBuf;
import io.netty.channel.DefaultFileRegion;
import io.netty.channel.FileRegion;
import io.netty.util.AbstractReferenceCounted;
import io.odradek.storage.io.FileSlice;
import io.odradek.storage.io.LogFile;
import io.odradek.storage.io.NioLogFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;

/**
 * File slices as Netty sends them: by {@code sendfile} where the file has a descriptor, which stays open so long. An answer with
 * slices of more files than may be open copies the rest, a piece at a time.
 */
public final class FileSliceRegion {
    private FileSliceRegion() {}

    /** {@return what to write to the channel} */
    static FileRegion of(FileSlice slice) {
        if (slice.file() instanceof NioLogFile file) {
            try {
                FileChannel channel = file.holdUnlessMany();
                return channel == null ? new OfLogFile(slice) : new OfDescriptor(file, channel, slice);
            } catch (IOException e) {
                // The transfer meets the same failure, and reports it where failures of transfers are dealt with.
                return new OfLogFile(slice);
            }
        }
        return new OfLogFile(slice);
    }

    /**
     * Reads a part of what {@link #of} has made, for a channel that must see what it sends.
     *
     * @param from where in it
     * @param into gets all of the bytes
     * @throws IOException if the file ends before them
     */
    public static void read(FileRegion region, long from, ByteBuf into, int bytes) throws IOException {
        ByteBuffer room = into.nioBuffer(into.writerIndex(), bytes);
        if (region instanceof OfDescriptor ofDescriptor) {
            ofDescriptor.read(from, room);
        } else {
            OfLogFile ofLogFile = (OfLogFile) region;
            ofLogFile.file.read(room, ofLogFile.position + from);
        }
        if (room.hasRemaining()) {
            throw new IOException("A file ends before a slice of it that is being sent");
        }
        into.writerIndex(into.writerIndex() + bytes);
    }

    private static final class OfDescriptor extends DefaultFileRegion {
        private final NioLogFile file;
        private final FileChannel channel;

        OfDescriptor(NioLogFile file, FileChannel channel, FileSlice slice) {
            super(channel, slice.position(), slice.sizeBytes());
            this.file = file;
            this.channel = channel;
        }

        private void read(long from, ByteBuffer room) throws IOException {
            long at = position() + from;
            int read = 0;
            while (room.hasRemaining() && read >= 0) {
                read = channel.read(room, at);
                at += read;
            }
        }

        @Override
        protected void deallocate() {
            // The log owns the file; the superclass would close it.
            file.letGo();
        }
    }

    private static final class OfLogFile extends AbstractReferenceCounted implements FileRegion {
        private final LogFile file;
        private final long position;
        private final long count;
        private long transferred;

        OfLogFile(FileSlice slice) {
            file = slice.file();
            position = slice.position();
            count = slice.sizeBytes();
        }

        @Override
        public long position() {
            return position;
        }

        @Override
        @Deprecated
        public long transfered() {
            return transferred;
        }

        @Override
        public long transferred() {
            return transferred;
        }

        @Override
        public long count() {
            return count;
        }

        @Override
        public long transferTo(WritableByteChannel target, long from) throws IOException {
            long left = count - from;
            if (left <= 0) {
                return 0;
            }
            if (position + from >= file.sizeBytes()) {
                throw new IOException(file.path() + " ends before a slice that is being sent");
            }
            long written = file.transferTo(position + from, left, target);
            transferred += written;
            return written;
        }

        @Override
        protected void deallocate() {
            // The log owns the file.
        }

        @Override
        public FileRegion retain() {
            super.retain();
            return this;
        }

        @Override
        public FileRegion retain(int increment) {
            super.retain(increment);
            return this;
        }

        @Override
        public FileRegion touch() {
            return this;
        }

        @Override
        public FileRegion touch(Object hint) {
            return this;
        }
    }
}
