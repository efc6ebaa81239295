package io.odradek.protocol.oracle;

import io.odradek.protocol.errors.ErrorCode;
import java.nio.ByteBuffer;
import java.util.Random;

/** Random values of the protocol's types; of strings and bytes mostly short ones, now and then none and a long one. */
record RandomValues(Random random) {
    private static final String[] ALPHABET = {"a", "Z", "0", "-", ".", "_", " ", "é", "ß", "ж", "中", "€", "😀"};

    String string() {
        StringBuilder text = new StringBuilder();
        int length = length();
        for (int i = 0; i < length; i++) {
            text.append(ALPHABET[random.nextInt(random.nextInt(3) == 0 ? ALPHABET.length : 6)]);
        }
        return text.toString();
    }

    ByteBuffer bytes() {
        byte[] bytes = new byte[length()];
        random.nextBytes(bytes);
        return ByteBuffer.wrap(bytes);
    }

    private int length() {
        return switch (random.nextInt(20)) {
            case 0 -> 0;
            case 1 -> 100 + random.nextInt(2000);
            default -> 8 + random.nextInt(16);
        };
    }

    ErrorCode errorCode() {
        ErrorCode[] all = ErrorCode.values();
        return all[random.nextInt(all.length)];
    }

    int unsigned16() {
        return random.nextInt(0x10000);
    }
}
