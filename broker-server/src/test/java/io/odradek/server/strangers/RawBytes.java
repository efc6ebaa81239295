package io.odradek.server.strangers;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;

/** Bytes for a port on which TLS is spoken: greetings of TLS, whole, broken or cut, records that lie, and what is none of it. */
final class RawBytes {
    private static final int RECORD_HEADER_BYTES = 5;

    private final byte[][] hellos = new byte[20][];
    private final Random random;

    RawBytes(SSLContext tls, Random random) throws SSLException {
        this.random = random;
        for (int i = 0; i < hellos.length; i++) {
            SSLEngine engine = tls.createSSLEngine();
            engine.setUseClientMode(true);
            ByteBuffer hello = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
            engine.wrap(ByteBuffer.allocate(0), hello);
            hellos[i] = Arrays.copyOf(hello.array(), hello.position());
        }
    }

    byte[] next() {
        byte[] hello = hellos[random.nextInt(hellos.length)].clone();
        return switch (random.nextInt(6)) {
            case 0 -> noise(1 + random.nextInt(600));
            case 1 -> Arrays.copyOf(hello, 1 + random.nextInt(hello.length));
            case 2 -> withBits(hello, RECORD_HEADER_BYTES);
            case 3 -> withBits(hello, 0);
            case 4 -> record(noise(random.nextInt(300)), random.nextInt(1 << Short.SIZE));
            default -> twice(hello);
        };
    }

    private byte[] noise(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private byte[] withBits(byte[] hello, int from) {
        for (int flips = 1 + random.nextInt(8); flips > 0; flips--) {
            hello[from + random.nextInt(hello.length - from)] ^= (byte) (1 << random.nextInt(8));
        }
        return hello;
    }

    /** A record of any kind, whose length may not be what it says. */
    private byte[] record(byte[] content, int length) {
        return ByteBuffer.allocate(RECORD_HEADER_BYTES + content.length)
                .put((byte) (20 + random.nextInt(5)))
                .putShort((short) 0x0303)
                .putShort((short) (random.nextBoolean() ? content.length : length))
                .put(content)
                .array();
    }

    private static byte[] twice(byte[] hello) {
        return ByteBuffer.allocate(2 * hello.length).put(hello).put(hello).array();
    }
}
