package io.odradek.server.net;

import io.netty.channel.DefaultFileRegion;
import io.netty.channel.FileRegion;
import io.netty.util.AbstractReferenceCounted;
import io.odradek.storage.io.FileSlice;
import io.odradek.storage.io.LogFile;
import io.odradek.storage.io.NioLogFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;

/**
 * File slices as Netty sends them: by {@code sendfile} where the file has a descriptor, which stays open so long. An answer with
 * slices of more files than may be open copies the rest, a piece at a time.
 */
final class FileSliceRegion {
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

    private static final class OfDescriptor extends DefaultFileRegion {
        private final NioLogFile file;

        OfDescriptor(NioLogFile file, FileChannel channel, FileSlice slice) {
            super(channel, slice.position(), slice.sizeBytes());
            this.file = file;
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
