package io.odradek.storage.io;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Map;
import java.util.TreeMap;

/**
 * The open files by path, so that a rename of a file or of a folder above it reaches their {@link LogFile#path}; those
 * whose handle was given up are among them.
 */
final class OpenFiles {
    private static final char LAST_CHAR = '\uffff';

    /** Sorted by path text, then by order of opening: the files below a folder are one range. */
    private final TreeMap<String, NioLogFile> files = new TreeMap<>();

    private long opened;

    synchronized void add(NioLogFile file) {
        opened++;
        files.put(key(file.path()) + opened, file);
    }

    synchronized void remove(NioLogFile file) {
        String prefix = key(file.path());
        files.subMap(prefix, prefix + LAST_CHAR).values().remove(file);
    }

    synchronized void renamed(Path from, Path to) {
        move(key(from), from, to);
        move(from.toString() + File.separatorChar, from, to);
    }

    private void move(String prefix, Path from, Path to) {
        Map<String, NioLogFile> range = files.subMap(prefix, prefix + LAST_CHAR);
        for (NioLogFile file : new ArrayList<>(range.values())) {
            remove(file);
            Path below = from.relativize(file.path());
            file.renamed(below.toString().isEmpty() ? to : to.resolve(below));
            add(file);
        }
    }

    private static String key(Path path) {
        return path.toString() + '\0';
    }
}
