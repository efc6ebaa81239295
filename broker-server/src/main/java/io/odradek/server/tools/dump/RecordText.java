package io.odradek.server.tools.dump;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Bytes of users as text: what they are if they are UTF-8, base64 if they are not. */
final class RecordText {
    private static final String HEX = "0123456789abcdef";

    private final CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();

    /** {@return the text, or null if the bytes between position and limit are not UTF-8} */
    String utf8(ByteBuffer bytes) {
        try {
            return decoder.decode(bytes.duplicate()).toString();
        } catch (CharacterCodingException binary) {
            return null;
        }
    }

    /** {@return the bytes between position and limit in base64} */
    static String base64(ByteBuffer bytes) {
        byte[] copy = new byte[bytes.remaining()];
        bytes.duplicate().get(copy);
        return Base64.getEncoder().encodeToString(copy);
    }

    /** Adds the bytes as text that keeps to its line and leaves a terminal alone; base64 is marked as such. */
    void append(StringBuilder out, ByteBuffer bytes) {
        if (bytes == null) {
            out.append("null");
            return;
        }
        String text = utf8(bytes);
        if (text == null) {
            out.append("base64:").append(base64(bytes));
            return;
        }
        for (int i = 0; i < text.length(); i++) {
            append(out, text.charAt(i));
        }
    }

    private static void append(StringBuilder out, char c) {
        if (c == '\n') {
            out.append("\\n");
        } else if (c == '\r') {
            out.append("\\r");
        } else if (c < ' ' && c != '\t' || c >= 0x7f && c < 0xa0) {
            out.append("\\x").append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 15));
        } else {
            out.append(c);
        }
    }
}
