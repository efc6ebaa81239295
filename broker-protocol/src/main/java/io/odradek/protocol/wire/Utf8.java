package io.odradek.protocol.wire;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Takes strings off a buffer. Bytes that are not UTF-8 become U+FFFD, as with Kafka: there are clients with names and notes
 * in other encodings. Only a string that could no longer be sent back, since U+FFFD takes three bytes, is refused.
 */
final class Utf8 {
    static final int LONGEST_STRING_BYTES = Short.MAX_VALUE;

    private static final int LARGEST_GROWTH = 3;

    private Utf8() {}

    /**
     * {@return the string at the buffer's position}
     *
     * @param length its bytes, at most those remaining
     * @throws MalformedMessageException if it takes more bytes as UTF-8 than a string can have
     */
    static String decode(ByteBuffer in, int length) {
        String text = text(in, length);
        if (length > LONGEST_STRING_BYTES / LARGEST_GROWTH
                && text.getBytes(StandardCharsets.UTF_8).length > LONGEST_STRING_BYTES) {
            throw new MalformedMessageException("a string of " + length + " bytes that are not UTF-8");
        }
        return text;
    }

    private static String text(ByteBuffer in, int length) {
        if (!in.hasArray()) {
            byte[] copy = new byte[length];
            in.get(copy);
            return new String(copy, StandardCharsets.UTF_8);
        }
        int start = in.position();
        in.position(start + length);
        return new String(in.array(), in.arrayOffset() + start, length, StandardCharsets.UTF_8);
    }
}
