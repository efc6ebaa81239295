package io.odradek.server.tools.dump;

import io.odradek.storage.io.LogFile;
import io.odradek.storage.io.LogFileSystem;
import java.io.IOException;
import java.nio.file.NoSuchFileException;

/** Shows files of any kind, one after the other. What one of them does to its reader stays with that one. */
final class FileDump {
    private final LogFileSystem files;
    private final DumpOutput out;
    private final Problems problems;
    private final LogDump logs;
    private final IndexDump indexes;
    private final CheckpointDump checkpoints;

    FileDump(LogFileSystem files, DumpOptions options, DumpOutput out, Problems problems) {
        this.files = files;
        this.out = out;
        this.problems = problems;
        this.logs = new LogDump(options, out, problems);
        this.indexes = new IndexDump(files, options.mode(), out, problems);
        this.checkpoints = new CheckpointDump(files, out, problems);
    }

    /**
     * Shows a file.
     *
     * @throws OutputClosedException if nobody reads on
     */
    void dump(DumpedFile file) throws IOException {
        out.file(file);
        try {
            show(file);
        } catch (OutputClosedException closed) {
            throw closed;
        } catch (NoSuchFileException gone) {
            out.note(file.path(), "it is gone: the broker has deleted it meanwhile");
        } catch (IOException failed) {
            problems.report(
                    file.path(), -1, failed.getMessage(), "See that this user may read it, and that the disk is well");
        } catch (OutOfMemoryError tooLarge) {
            problems.report(
                    file.path(), -1, "it takes more memory than there is", "Give more with BROKER_HEAP_OPTS=-Xmx1g");
        }
    }

    private void show(DumpedFile file) throws IOException {
        if (file.kind() != FileKind.LOG && !file.kind().isIndex()) {
            checkpoints.dump(file);
            return;
        }
        try (LogFile open = files.openForRead(file.path())) {
            if (file.kind() == FileKind.LOG) {
                logs.dump(file, open);
            } else {
                indexes.dump(file, open);
            }
        }
    }
}
