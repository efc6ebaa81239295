package io.odradek.storage.checkpoint;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.StringTokenizer;

/**
 * The text that Kafka's checkpoints share: a line with the version (0), a line with the number of entries, and a line for
 * each entry with its fields separated by blanks.
 */
final class CheckpointText {
    private static final String VERSION = "0";

    /** One entry's fields, with the words for when one is not what it should be. */
    record Entry(Path path, int lineNumber, List<String> fields) {
        String text(int index) {
            return fields.get(index);
        }

        int nonNegativeInt(int index) throws MalformedFileException {
            long value = nonNegativeLong(index);
            if (value > Integer.MAX_VALUE) {
                throw malformed(path, lineNumber, fields.get(index) + " is too large");
            }
            return (int) value;
        }

        long nonNegativeLong(int index) throws MalformedFileException {
            try {
                long value = Long.parseLong(fields.get(index));
                if (value >= 0) {
                    return value;
                }
            } catch (NumberFormatException e) {
                throw malformed(path, lineNumber, "\"" + fields.get(index) + "\" is not a number");
            }
            throw malformed(path, lineNumber, fields.get(index) + " is negative");
        }
    }

    private CheckpointText() {}

    static List<Entry> parse(Path path, String content, int fieldsPerEntry) throws MalformedFileException {
        List<String> lines = content.lines().toList();
        if (lines.size() < 2) {
            throw new MalformedFileException(path, "it ends before the number of entries");
        }
        if (!lines.get(0).strip().equals(VERSION)) {
            throw malformed(path, 1, "version \"" + lines.get(0) + "\" is not known, only " + VERSION + " is");
        }
        int expected = new Entry(path, 2, List.of(lines.get(1).strip())).nonNegativeInt(0);
        List<Entry> entries = new ArrayList<>(lines.size());
        for (int i = 2; i < lines.size(); i++) {
            List<String> fields = fields(lines.get(i));
            if (fields.isEmpty()) {
                continue;
            }
            if (fields.size() != fieldsPerEntry) {
                throw malformed(path, i + 1, fields.size() + " fields instead of " + fieldsPerEntry);
            }
            entries.add(new Entry(path, i + 1, fields));
        }
        if (entries.size() != expected) {
            throw new MalformedFileException(path, "it has " + entries.size() + " entries instead of " + expected);
        }
        return entries;
    }

    /** {@return the two lines that come before the entries} */
    static StringBuilder start(int entries) {
        return new StringBuilder(32 + 32 * entries)
                .append(VERSION)
                .append('\n')
                .append(entries)
                .append('\n');
    }

    static MalformedFileException malformed(Path path, int lineNumber, String what) {
        return new MalformedFileException(path, "line " + lineNumber + ": " + what);
    }

    private static List<String> fields(String line) {
        List<String> fields = new ArrayList<>(3);
        StringTokenizer tokens = new StringTokenizer(line);
        while (tokens.hasMoreTokens()) {
            fields.add(tokens.nextToken());
        }
        return fields;
    }
}
