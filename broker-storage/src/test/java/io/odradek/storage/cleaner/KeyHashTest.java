package io.odradek.storage.cleaner;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class KeyHashTest {
    /** The secret of the published test vectors: the bytes 0 to 15. */
    private final KeyHash hash = new KeyHash(0x0706050403020100L, 0x0f0e0d0c0b0a0908L);

    private String hashOf(int sizeBytes) {
        ByteBuffer buffer = ByteBuffer.allocate(100);
        for (int i = 0; i < sizeBytes; i++) {
            buffer.put(3 + i, (byte) i);
        }
        hash.hash(buffer, 3, sizeBytes);
        return HexFormat.of()
                .formatHex(ByteBuffer.allocate(16)
                        .putLong(Long.reverseBytes(hash.first()))
                        .putLong(Long.reverseBytes(hash.second()))
                        .array());
    }

    @Test
    void theHashesAreThoseThatItsAuthorsPublished() {
        assertThat(hashOf(0)).isEqualTo("a3817f04ba25a8e66df67214c7550293");
        assertThat(hashOf(1)).isEqualTo("da87c1d86b99af44347659119b22fc45");
        assertThat(hashOf(2)).isEqualTo("8177228da4a45dc7fca38bdef60affe4");
    }

    @Test
    void allBytesOfAKeyAndItsLengthCount() {
        ByteBuffer buffer = ByteBuffer.allocate(64);
        long[] seen = new long[64 * 8 + 64];
        int count = 0;
        for (int size = 0; size < 64; size++) {
            hash.hash(buffer, 0, size);
            seen[count++] = hash.first();
        }
        for (int bit = 0; bit < 64 * 8; bit++) {
            buffer.put(bit / 8, (byte) (1 << bit % 8));
            hash.hash(buffer, 0, 64);
            seen[count++] = hash.second();
            buffer.put(bit / 8, (byte) 0);
        }
        assertThat(seen).doesNotHaveDuplicates();
    }
}
