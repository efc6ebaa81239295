package io.odradek.protocol.wire;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** Strict decoding of UTF-8: plain ASCII, which is nearly all of it, without a decoder; the rest with one that reports. */
final class Utf8 {
    private CharsetDecoder decoder;

    /**
     * Takes a string from the buffer's position.
     *
     * @param length its bytes, at most those remaining
     * @throws MalformedMessageException if they are not UTF-8
     */
    String decode(ByteBuffer in, int length) {
        if (!in.hasArray()) {
            byte[] copy = new byte[length];
            in.get(copy);
            return decode(copy, 0, length);
        }
        int start = in.position();
        in.position(start + length);
        return decode(in.array(), in.arrayOffset() + start, length);
    }

    private String decode(byte[] bytes, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            if (bytes[i] < 0) {
                return decodeStrictly(bytes, offset, length);
            }
        }
        return new String(bytes, offset, length, StandardCharsets.ISO_8859_1);
    }

    private String decodeStrictly(byte[] bytes, int offset, int length) {
        if (decoder == null) {
            decoder = StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT);
        }
        try {
            CharBuffer chars = decoder.decode(ByteBuffer.wrap(bytes, offset, length));
            return chars.toString();
        } catch (CharacterCodingException notUtf8) {
            throw new MalformedMessageException("a string of " + length + " bytes that are not UTF-8");
        }
    }
}
