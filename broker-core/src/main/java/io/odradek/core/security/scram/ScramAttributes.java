package io.odradek.core.security.scram;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Base64;

/** The attributes of a message of SCRAM, {@code k=value} with commas between them, one after the other. */
final class ScramAttributes {
    private static final int MOST_BYTES = 16 * 1024;

    private final String text;
    private int position;

    ScramAttributes(byte[] message) throws Malformed {
        if (message.length > MOST_BYTES) {
            throw new Malformed("a message of " + message.length + " bytes");
        }
        try {
            text = UTF_8.newDecoder().decode(ByteBuffer.wrap(message)).toString();
        } catch (CharacterCodingException notText) {
            throw new Malformed("a message that is not text in UTF-8");
        }
    }

    /** A message is not what it should be. */
    static final class Malformed extends Exception {
        private static final long serialVersionUID = 1L;

        Malformed(String what) {
            super(what, null, false, false);
        }
    }

    /** {@return what comes up to the next comma, or the end} */
    String next() throws Malformed {
        if (position > text.length()) {
            throw new Malformed("a message that ends too soon");
        }
        int comma = text.indexOf(',', position);
        int end = comma < 0 ? text.length() : comma;
        String part = text.substring(position, end);
        position = end + 1;
        return part;
    }

    /** {@return the value of the next attribute} */
    String next(String key) throws Malformed {
        String part = next();
        if (!part.startsWith(key + "=")) {
            throw new Malformed("a message without " + key + " in its place");
        }
        return part.substring(key.length() + 1);
    }

    /** {@return the value of the next attribute, which is in Base64} */
    byte[] nextBytes(String key) throws Malformed {
        try {
            return Base64.getDecoder().decode(next(key));
        } catch (IllegalArgumentException notBase64) {
            throw new Malformed("a message with " + key + " that is not in Base64");
        }
    }

    boolean hasNext() {
        return position <= text.length();
    }

    /** {@return everything up to the end of what has been taken, without the comma behind it} */
    String taken() {
        return text.substring(0, Math.min(position - 1, text.length()));
    }

    /** {@return all of it from a position on} */
    String from(int start) {
        return text.substring(start);
    }

    int position() {
        return position;
    }
}
