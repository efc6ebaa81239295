package io.odradek.server.tools.dump;

import io.odradek.storage.log.LogFileNames;
import java.nio.file.Path;

/**
 * A file to be shown.
 *
 * @param path as it was given
 * @param kind what it holds
 * @param baseOffset the offset in its name, 0 if there is none
 */
record DumpedFile(Path path, FileKind kind, long baseOffset) {
    /** {@return the file, or null if its name is not that of a file of a log folder} */
    static DumpedFile of(Path path) {
        String name = plainName(path.getFileName().toString());
        FileKind kind = FileKind.of(name);
        return kind == null ? null : new DumpedFile(path, kind, Math.max(0, LogFileNames.offset(name)));
    }

    /** On its way in or out, or left out by a recovery, a segment's file has one more ending. */
    private static String plainName(String name) {
        int leftOut = name.indexOf(LogFileNames.LEFT_OUT);
        if (leftOut > 0) {
            return name.substring(0, leftOut);
        }
        for (String ending : new String[] {LogFileNames.DELETED, LogFileNames.CLEANED, LogFileNames.SWAP}) {
            if (name.endsWith(ending)) {
                return name.substring(0, name.length() - ending.length());
            }
        }
        return name;
    }

    /** {@return the log of the same segment} */
    Path log() {
        String name = path.getFileName().toString();
        String ending = name.substring(plainName(name).length());
        return LogFileNames.path(path.toAbsolutePath().getParent(), baseOffset, LogFileNames.LOG + ending);
    }
}
