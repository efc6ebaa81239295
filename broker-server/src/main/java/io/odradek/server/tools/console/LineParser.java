package io.odradek.server.tools.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.odradek.server.tools.ToolException;
import io.odradek.server.tools.UsageException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;

/**
 * Makes a record of a line: its value, and before it, where that is asked for, headers and a key. Takes the properties of Kafka's
 * reader of lines. What stands between the separators goes into the record byte by byte.
 */
final class LineParser {
    private final String topic;
    private final boolean parsesKey;
    private final boolean parsesHeaders;
    private final boolean ignoresErrors;
    private final byte[] keySeparator;
    private final byte[] headersDelimiter;
    private final byte[] headersSeparator;
    private final byte[] headerKeySeparator;
    private final byte[] nullMarker;

    /**
     * @param topic the records' topic
     * @param properties {@code parse.key} and so on
     * @throws UsageException if separators cannot be told from each other
     */
    LineParser(String topic, Map<String, String> properties) {
        this.topic = topic;
        parsesKey = isTrue(properties, "parse.key");
        parsesHeaders = isTrue(properties, "parse.headers");
        ignoresErrors = isTrue(properties, "ignore.error");
        keySeparator = bytes(properties, "key.separator", "\t");
        headersDelimiter = bytes(properties, "headers.delimiter", "\t");
        headersSeparator = bytes(properties, "headers.separator", ",");
        headerKeySeparator = bytes(properties, "headers.key.separator", ":");
        nullMarker = bytes(properties, "null.marker", null);
        differ("headers.delimiter", headersDelimiter, "headers.separator", headersSeparator);
        differ("headers.delimiter", headersDelimiter, "headers.key.separator", headerKeySeparator);
        differ("headers.separator", headersSeparator, "headers.key.separator", headerKeySeparator);
        differ("null.marker", nullMarker, "key.separator", keySeparator);
        differ("null.marker", nullMarker, "headers.separator", headersSeparator);
        differ("null.marker", nullMarker, "headers.delimiter", headersDelimiter);
        differ("null.marker", nullMarker, "headers.key.separator", headerKeySeparator);
    }

    /**
     * {@return the record}
     *
     * @param line one that has been let through
     * @throws ToolException if there is a separator missing, unless that is to be ignored
     */
    ProducerRecord<byte[], byte[]> parse(Line line) {
        byte[] bytes = line.bytes();
        int start = 0;
        byte[] headers = null;
        byte[] key = null;
        if (parsesHeaders) {
            int end = end(line, start, headersDelimiter, "headers delimiter");
            if (end >= 0) {
                headers = Arrays.copyOfRange(bytes, start, end);
                start = end + headersDelimiter.length;
            }
        }
        if (parsesKey) {
            int end = end(line, start, keySeparator, "key separator");
            if (end >= 0) {
                key = orNull(Arrays.copyOfRange(bytes, start, end));
                start = end + keySeparator.length;
            }
        }
        byte[] value = start == 0 ? bytes : Arrays.copyOfRange(bytes, start, bytes.length);
        List<Header> parsed = headers == null || isNull(headers) ? null : headers(line, headers);
        return new ProducerRecord<>(topic, null, null, key, orNull(value), parsed);
    }

    private int end(Line line, int start, byte[] separator, String name) {
        int end = indexOf(line.bytes(), start, separator);
        if (end < 0 && !ignoresErrors) {
            throw new ToolException("No " + name + " found on line number " + line.number() + ": '"
                    + new String(line.bytes(), UTF_8) + "'");
        }
        return end;
    }

    private List<Header> headers(Line line, byte[] text) {
        List<Header> headers = new ArrayList<>();
        int start = 0;
        while (start <= text.length) {
            int end = headersSeparator.length == 0 ? -1 : indexOf(text, start, headersSeparator);
            end = end < 0 ? text.length : end;
            // A separator at the end begins no further header.
            if (end > start || headers.isEmpty() || end < text.length) {
                headers.add(header(line, Arrays.copyOfRange(text, start, end)));
            }
            start = end + Math.max(1, headersSeparator.length);
        }
        return headers;
    }

    private Header header(Line line, byte[] pair) {
        int end = indexOf(pair, 0, headerKeySeparator);
        if (end < 0) {
            if (ignoresErrors) {
                return new RecordHeader(new String(pair, UTF_8), null);
            }
            throw new ToolException("No header key separator found in pair '" + new String(pair, UTF_8)
                    + "' on line number " + line.number());
        }
        byte[] key = Arrays.copyOfRange(pair, 0, end);
        if (isNull(key)) {
            throw new ToolException("The key of a header cannot be null, as null.marker makes that of '"
                    + new String(pair, UTF_8) + "' on line number " + line.number());
        }
        byte[] value = Arrays.copyOfRange(pair, end + headerKeySeparator.length, pair.length);
        return new RecordHeader(new String(key, UTF_8), orNull(value));
    }

    private boolean isNull(byte[] bytes) {
        return nullMarker != null && Arrays.equals(bytes, nullMarker);
    }

    private byte[] orNull(byte[] bytes) {
        return isNull(bytes) ? null : bytes;
    }

    private static int indexOf(byte[] bytes, int start, byte[] sought) {
        for (int i = start; i <= bytes.length - sought.length; i++) {
            if (Arrays.equals(bytes, i, i + sought.length, sought, 0, sought.length)) {
                return i;
            }
        }
        return -1;
    }

    private static boolean isTrue(Map<String, String> properties, String name) {
        return properties.getOrDefault(name, "").strip().equalsIgnoreCase("true");
    }

    private static byte[] bytes(Map<String, String> properties, String name, String otherwise) {
        String text = properties.getOrDefault(name, otherwise);
        return text == null ? null : text.getBytes(UTF_8);
    }

    private static void differ(String oneName, byte[] one, String otherName, byte[] other) {
        UsageException.when(Arrays.equals(one, other), oneName + " and " + otherName + " may not be equal");
    }
}
