package io.odradek.storage.checkpoint;

import java.io.IOException;
import java.nio.file.Path;

/** A checkpoint or metadata file is there, but does not have the content it should; what to do about it is the reader's choice. */
public final class MalformedFileException extends IOException {
    private static final long serialVersionUID = 1L;

    /**
     * @param path the file
     * @param what what is wrong with it
     */
    public MalformedFileException(Path path, String what) {
        super("Malformed file " + path + ": " + what);
    }
}
