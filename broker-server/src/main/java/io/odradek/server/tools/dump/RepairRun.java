package io.odradek.server.tools.dump;

import io.odradek.server.tools.dump.SegmentScan.Range;
import io.odradek.storage.io.LogFile;
import io.odradek.storage.io.LogFileSystem;
import io.odradek.storage.log.LogFileNames;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

/**
 * Does what a {@link RepairPlan} says. A new file is on the disk before it gets its name, and the old one has another one by
 * then: whenever the run is broken off, all that was there is there, and a second run finishes it.
 */
final class RepairRun {
    private static final int CHUNK_BYTES = 1 << 16;
    private static final String UNFINISHED = ".tmp";

    private final LogFileSystem files;

    RepairRun(LogFileSystem files) {
        this.files = files;
    }

    /** Does one repair. {@return the name under which the old file stays} */
    String run(Repair repair) throws IOException {
        Path path = repair.path();
        Path folder = path.toAbsolutePath().getParent();
        int number = nextNumber(folder);
        Path aside = aside(path, number);
        Path made = aside.resolveSibling(aside.getFileName() + UNFINISHED);
        if (repair instanceof Repair.Splice splice) {
            write(path, splice.whole(), made);
        }
        files.rename(path, aside);
        if (LogFileNames.is(path.getFileName().toString(), LogFileNames.LOG)) {
            for (String suffix : new String[] {LogFileNames.OFFSET_INDEX, LogFileNames.TIME_INDEX}) {
                Path index = LogFileNames.path(folder, RepairPlan.baseOffset(path), suffix);
                if (files.exists(index)) {
                    files.rename(index, aside(index, number));
                }
            }
        }
        if (repair instanceof Repair.Splice) {
            files.rename(made, path);
        }
        files.forceFolder(folder);
        return aside.getFileName().toString();
    }

    private static Path aside(Path path, int number) {
        return path.resolveSibling(path.getFileName() + LogFileNames.LEFT_OUT + number);
    }

    /** {@return a number that no file in the folder has that was left out before} */
    private int nextNumber(Path folder) throws IOException {
        int largest = 0;
        for (String name : files.list(folder)) {
            int at = name.indexOf(LogFileNames.LEFT_OUT);
            String digits = at < 0 ? "" : name.substring(at + LogFileNames.LEFT_OUT.length());
            if (digits.matches("[1-9][0-9]{0,8}")) {
                largest = Math.max(largest, Integer.parseInt(digits));
            }
        }
        return largest + 1;
    }

    private void write(Path from, List<Range> ranges, Path to) throws IOException {
        try (LogFile source = files.openForRead(from);
                LogFile target = files.open(to)) {
            target.truncate(0);
            ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES);
            for (Range range : ranges) {
                for (long at = range.from(); at < range.to(); at += chunk.limit()) {
                    chunk.clear().limit((int) Math.min(CHUNK_BYTES, range.to() - at));
                    if (source.read(chunk, at) < chunk.limit()) {
                        throw new IOException(from + " is being changed: is a broker using it?");
                    }
                    target.append(chunk.flip());
                }
            }
            target.force();
        }
    }
}
