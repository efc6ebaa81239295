package io.odradek.server.hostile;

import io.odradek.protocol.record.CompressionCodec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.utils.internals.ByteBufferOutputStream;

/** A message of magic 0 or 1 whose every number may be wrong; what is in wrappers is compressed by Kafka's own codecs. */
public final class HandmadeMessage {
    private static final int OVERHEAD_BYTES = 12;
    private static final int CRC_AT = 12;
    private static final int CHECKED_FROM = 16;

    private final int magic;
    private final long offset;
    private long timestampMs;
    private int attributes;
    private byte[] key;
    private byte[] value;
    private Integer saidSize;
    private Integer saidKeySize;
    private Integer saidValueSize;
    private byte[] tail = {};
    private int crcChange;

    /** @param timestampMs left out with magic 0 */
    public HandmadeMessage(int magic, long offset, long timestampMs, String key, String value) {
        this.magic = magic;
        this.offset = offset;
        this.timestampMs = timestampMs;
        this.key = bytes(key);
        this.value = bytes(value);
    }

    private static byte[] bytes(String text) {
        return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
    }

    /** A message that holds others. @param inside bytes of messages, not compressed */
    public static HandmadeMessage wrapper(int magic, CompressionCodec codec, long offset, byte... inside) {
        return wrapper(magic, codec, magic, offset, inside);
    }

    /** As above, compressed as messages of another magic are. */
    public static HandmadeMessage wrapper(
            int magic, CompressionCodec codec, int framedFor, long offset, byte... inside) {
        return new HandmadeMessage(magic, offset, 0, null, null)
                .value(compressed(codec, framedFor, inside))
                .attributes(codec.ordinal());
    }

    /** The bytes of messages, one after the other. */
    public static byte[] set(HandmadeMessage... messages) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (HandmadeMessage message : messages) {
            all.writeBytes(message.build());
        }
        return all.toByteArray();
    }

    public HandmadeMessage timestamp(long ms) {
        timestampMs = ms;
        return this;
    }

    /** Sets bits beside those that are set. */
    public HandmadeMessage attributes(int bits) {
        attributes |= bits;
        return this;
    }

    public HandmadeMessage key(String text) {
        key = bytes(text);
        return this;
    }

    public HandmadeMessage value(byte... bytes) {
        value = bytes;
        return this;
    }

    /** {@return the value, in its own bytes} */
    public byte[] value() {
        return value;
    }

    public HandmadeMessage size(int said) {
        saidSize = said;
        return this;
    }

    public HandmadeMessage keySize(int said) {
        saidKeySize = said;
        return this;
    }

    public HandmadeMessage valueSize(int said) {
        saidValueSize = said;
        return this;
    }

    /** Adds so many bytes behind the value. */
    public HandmadeMessage tail(int count) {
        tail = new byte[count];
        return this;
    }

    public HandmadeMessage wrongCrc() {
        crcChange = 1;
        return this;
    }

    public byte[] build() {
        int size = 14 + (magic == 0 ? 0 : 8) + sizeOf(key) + sizeOf(value) + tail.length;
        ByteBuffer message = ByteBuffer.allocate(OVERHEAD_BYTES + size);
        message.putLong(offset).putInt(saidSize == null ? size : saidSize).putInt(0);
        message.put((byte) magic).put((byte) attributes);
        if (magic != 0) {
            message.putLong(timestampMs);
        }
        put(message, key, saidKeySize);
        put(message, value, saidValueSize);
        message.put(tail);
        CRC32 crc = new CRC32();
        crc.update(message.array(), CHECKED_FROM, message.capacity() - CHECKED_FROM);
        message.putInt(CRC_AT, (int) crc.getValue() + crcChange);
        return message.array();
    }

    private static int sizeOf(byte[] bytes) {
        return bytes == null ? 0 : bytes.length;
    }

    private static void put(ByteBuffer message, byte[] bytes, Integer said) {
        int size = bytes == null ? -1 : bytes.length;
        message.putInt(said == null ? size : said).put(bytes == null ? new byte[0] : bytes);
    }

    private static byte[] compressed(CompressionCodec codec, int framedFor, byte... inside) {
        ByteBufferOutputStream out = new ByteBufferOutputStream(1024);
        Compression compression =
                Compression.of(CompressionType.forId(codec.ordinal())).build();
        try (OutputStream wrapped = compression.wrapForOutput(out, (byte) framedFor)) {
            wrapped.write(inside);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        ByteBuffer buffer = out.buffer().flip();
        return Arrays.copyOfRange(buffer.array(), buffer.arrayOffset(), buffer.arrayOffset() + buffer.limit());
    }
}
