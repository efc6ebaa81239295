package io.odradek.storage.checkpoint;

import io.odradek.protocol.wire.Uuid;
import io.odradek.storage.io.LogFileSystem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/**
 * What the topics of a log folder override, kept beside their data: a text file that is replaced atomically. A line says when
 * it was written and one how far the tree was then; a line for each topic has its name, its identifier and its overrides; the
 * last one has the checksum of all before it. In names and values what would end them is written as {@code %} and two digits.
 *
 * <pre>
 *   topic-settings 1
 *   written 1764356712345
 *   change 4294967312
 *   orders vQZbC5mHQ6Crhq-8DDtQ7w cleanup.policy=compact retention.ms=-1
 *   checksum 9a0b7c21
 * </pre>
 */
public final class TopicSettingsFile {
    /** The file's name. */
    public static final String NAME = "topic-settings";

    private static final String FIRST_LINE = "topic-settings 1";
    private static final String WRITTEN = "written ";
    private static final String CHANGE = "change ";
    private static final String CHECKSUM = "checksum ";
    private static final String ESCAPED = "% =\n\r";
    private static final int HEADER_LINES = 3;

    private final LogFileSystem files;
    private final Path path;

    /**
     * A topic's settings.
     *
     * @param id its identifier, {@link Uuid#ZERO} for none
     * @param overrides what it overrides, by Kafka's names, and the broker's own marks
     */
    public record Settings(Uuid id, SortedMap<String, String> overrides) {}

    /**
     * What a file says.
     *
     * @param writtenMs when it was written, by the wall clock
     * @param lastChange the number of the last change of the tree that was kept before, -1 where nobody counts them
     * @param topics the settings by topic
     */
    public record Content(long writtenMs, long lastChange, SortedMap<String, Settings> topics) {}

    /** @param logFolder the log folder */
    public TopicSettingsFile(LogFileSystem files, Path logFolder) {
        this.files = files;
        this.path = logFolder.resolve(NAME);
    }

    /** {@return where it is} */
    public Path path() {
        return path;
    }

    /**
     * {@return what the file says, nothing if there is no file}
     *
     * @throws MalformedFileException if there is one and it is not what was written
     */
    public Optional<Content> read() throws IOException {
        Optional<String> text = ReplacedFile.read(files, path);
        return text.isEmpty() ? Optional.empty() : Optional.of(parse(text.get()));
    }

    /** Replaces the file; when this returns, it survives a power loss. */
    public void write(Content content) throws IOException {
        StringBuilder text = new StringBuilder(64 + 64 * content.topics().size());
        text.append(FIRST_LINE).append('\n');
        text.append(WRITTEN).append(content.writtenMs()).append('\n');
        text.append(CHANGE).append(content.lastChange()).append('\n');
        content.topics().forEach((topic, settings) -> {
            text.append(topic).append(' ').append(settings.id());
            settings.overrides().forEach((name, value) -> {
                append(text.append(' '), name);
                append(text.append('='), value);
            });
            text.append('\n');
        });
        String checksum = checksum(text.toString());
        text.append(CHECKSUM).append(checksum).append('\n');
        ReplacedFile.write(files, path, text.toString());
    }

    /** Puts a file that cannot be read out of the way. {@return where it is now} */
    public Path putAside() throws IOException {
        Path aside = path.resolveSibling(NAME + ".damaged");
        files.rename(path, aside);
        return aside;
    }

    private Content parse(String text) throws MalformedFileException {
        int last = text.lastIndexOf(CHECKSUM);
        if (last < 0 || !text.startsWith(FIRST_LINE)) {
            throw new MalformedFileException(path, last < 0 ? "its end is missing" : "it does not begin as one does");
        }
        if (!text.substring(last).equals(CHECKSUM + checksum(text.substring(0, last)) + '\n')) {
            throw new MalformedFileException(path, "it is not what was written");
        }
        List<String> lines = text.substring(0, last).lines().toList();
        SortedMap<String, Settings> topics = new TreeMap<>();
        try {
            for (String line : lines.subList(HEADER_LINES, lines.size())) {
                String[] fields = line.split(" ");
                SortedMap<String, String> overrides = new TreeMap<>();
                for (int i = 2; i < fields.length; i++) {
                    int equals = fields[i].indexOf('=');
                    overrides.put(plain(fields[i].substring(0, equals)), plain(fields[i].substring(equals + 1)));
                }
                topics.put(fields[0], new Settings(Uuid.parse(fields[1]), overrides));
            }
            return new Content(number(lines.get(1), WRITTEN), number(lines.get(2), CHANGE), topics);
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new MalformedFileException(path, "it cannot be understood: " + e.getMessage());
        }
    }

    private static long number(String line, String name) {
        if (!line.startsWith(name)) {
            throw new IllegalArgumentException("\"" + line + "\" instead of \"" + name + "\"");
        }
        return Long.parseLong(line.substring(name.length()));
    }

    private static void append(StringBuilder text, String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (ESCAPED.indexOf(c) >= 0) {
                text.append('%').append(c < 16 ? "0" : "").append(Integer.toHexString(c));
            } else {
                text.append(c);
            }
        }
    }

    private static String plain(String escaped) {
        StringBuilder value = new StringBuilder(escaped.length());
        for (int i = 0; i < escaped.length(); i++) {
            char c = escaped.charAt(i);
            if (c == '%') {
                value.append((char) Integer.parseInt(escaped.substring(i + 1, i + 3), 16));
                i += 2;
            } else {
                value.append(c);
            }
        }
        return value.toString();
    }

    private static String checksum(String text) {
        CRC32C crc = new CRC32C();
        crc.update(text.getBytes(StandardCharsets.UTF_8));
        return Long.toHexString(crc.getValue());
    }
}
