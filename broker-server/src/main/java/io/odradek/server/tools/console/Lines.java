package io.odradek.server.tools.console;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * Cuts a stream of bytes into lines, whatever their character set; a line ends with a line feed, a carriage return, or both. Holds
 * no more of a line than is let through.
 */
final class Lines {
    private static final int BUFFER_BYTES = 1 << 16;
    private static final byte LINE_FEED = '\n';
    private static final byte CARRIAGE_RETURN = '\r';

    private final InputStream in;
    private final int maxLineBytes;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int position;
    private int limit;
    private boolean afterReturn;
    private long number;

    Lines(InputStream in, int maxLineBytes) {
        this.in = in;
        this.maxLineBytes = maxLineBytes;
    }

    /** {@return the next line; null at the end} */
    Line next() throws IOException {
        ByteArrayOutputStream former = null;
        long sizeBytes = 0;
        while (true) {
            if (position == limit && !fill()) {
                return sizeBytes == 0 ? null : line(former, position, sizeBytes);
            }
            if (afterReturn) {
                afterReturn = false;
                if (buffer[position] == LINE_FEED) {
                    position++;
                    continue;
                }
            }
            int end = position;
            while (end < limit && buffer[end] != LINE_FEED && buffer[end] != CARRIAGE_RETURN) {
                end++;
            }
            sizeBytes += end - position;
            if (end < limit) {
                Line line = line(former, end, sizeBytes);
                afterReturn = buffer[end] == CARRIAGE_RETURN;
                position = end + 1;
                return line;
            }
            former = former == null ? new ByteArrayOutputStream(2 * BUFFER_BYTES) : former;
            if (sizeBytes <= maxLineBytes) {
                former.write(buffer, position, end - position);
            }
            position = end;
        }
    }

    private boolean fill() throws IOException {
        position = 0;
        limit = Math.max(0, in.read(buffer, 0, buffer.length));
        return limit > 0;
    }

    private Line line(ByteArrayOutputStream former, int end, long sizeBytes) {
        number++;
        if (sizeBytes > maxLineBytes) {
            return new Line(number, null, sizeBytes);
        }
        byte[] bytes;
        if (former == null) {
            bytes = Arrays.copyOfRange(buffer, position, end);
        } else {
            former.write(buffer, position, end - position);
            bytes = former.toByteArray();
        }
        return new Line(number, bytes, sizeBytes);
    }
}
