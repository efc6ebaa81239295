package io.odradek.server.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.odradek.server.json.Json;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;

/** Shows keys, values and headers: as text where they are text in UTF-8, else as hex; each cut, and all of them together. */
final class Contents {
    /** Where one is cut, if nothing else is asked for. */
    static final int USUAL_BYTES = 16_384;

    private static final int MOST_BYTES_IN_ALL = 2 << 20;
    private static final int LONGEST_CHARACTER_BYTES = 4;

    private final boolean asHex;
    private final int mostBytes;
    private int bytesLeft = MOST_BYTES_IN_ALL;

    /**
     * @param asHex whether text is shown as hex too
     * @param mostBytes where each is cut
     */
    Contents(boolean asHex, int mostBytes) {
        this.asHex = asHex;
        this.mostBytes = mostBytes;
    }

    /** {@return what is shown of it, null for null} */
    Map<String, Object> of(byte[] bytes) {
        if (bytes == null) {
            return null;
        }
        byte[] kept = Arrays.copyOf(bytes, Math.min(bytes.length, Math.min(mostBytes, bytesLeft)));
        bytesLeft -= kept.length;
        boolean cut = kept.length < bytes.length;
        String text = asHex ? null : text(kept, cut);
        Map<String, Object> shown =
                text == null ? Json.object("hex", HexFormat.of().formatHex(kept)) : Json.object("text", text);
        shown.put("bytes", bytes.length);
        if (cut) {
            shown.put("cut", true);
        }
        return shown;
    }

    /** {@return the text, null if it is none} @param cut whether it may end within a character */
    private static String text(byte[] bytes, boolean cut) {
        for (int end = bytes.length; end >= Math.max(0, bytes.length - (cut ? LONGEST_CHARACTER_BYTES : 0)); end--) {
            try {
                CharBuffer text = UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, 0, end));
                return isReadable(text) ? text.toString() : null;
            } catch (CharacterCodingException notHere) {
                continue;
            }
        }
        return null;
    }

    private static boolean isReadable(CharBuffer text) {
        for (int i = 0; i < text.length(); i++) {
            char next = text.charAt(i);
            if (Character.isISOControl(next) && next != '\n' && next != '\r' && next != '\t') {
                return false;
            }
        }
        return true;
    }
}
