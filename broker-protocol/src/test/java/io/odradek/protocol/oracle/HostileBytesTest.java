package io.odradek.protocol.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.odradek.protocol.wire.MalformedMessageException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Bytes that nearly are a message end in a message or in a {@link MalformedMessageException}, and cost no more than their size allows. */
class HostileBytesTest {
    private static final int FLIPS_PER_VERSION = 400;
    private static final long ALLOCATED_PER_BYTE = 256;
    private static final long ALLOCATED_AT_LEAST = 1 << 18;

    private final Random random = Seed.random("HostileBytesTest");
    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @TestFactory
    List<DynamicTest> everyTruncationIsMalformed() throws Exception {
        return forEachVersion((message, version, bytes) -> {
            for (int length = 0; length < bytes.length; length++) {
                assertThat(decodes(message, Arrays.copyOf(bytes, length), version))
                        .as("%s %d cut to %d of %d bytes", message.name(), version, length, bytes.length)
                        .isFalse();
            }
        });
    }

    @TestFactory
    List<DynamicTest> flippedBytesAreAMessageOrMalformed() throws Exception {
        return forEachVersion((message, version, bytes) -> {
            for (int round = 0; round < FLIPS_PER_VERSION && bytes.length > 0; round++) {
                byte[] flipped = bytes.clone();
                for (int left = 1 + random.nextInt(4); left > 0; left--) {
                    flipped[random.nextInt(flipped.length)] = hostileByte();
                }
                decodes(message, flipped, version);
            }
        });
    }

    @TestFactory
    List<DynamicTest> bytesAfterTheEndAreLeft() throws Exception {
        return forEachVersion((message, version, bytes) -> {
            byte[] longer = Arrays.copyOf(bytes, bytes.length + 3);
            assertThat(message.surplusOf(longer, version)).isEqualTo(3);
        });
    }

    private byte hostileByte() {
        return switch (random.nextInt(4)) {
            case 0 -> (byte) 0xff;
            case 1 -> 0x7f;
            case 2 -> (byte) 0x80;
            default -> (byte) random.nextInt();
        };
    }

    /** Decodes, and once more where much was allocated: the first time, that may have been the loading of classes. */
    private boolean decodes(DeclaredMessage message, byte[] bytes, short version) throws Exception {
        long mostBytes = ALLOCATED_AT_LEAST + ALLOCATED_PER_BYTE * bytes.length;
        Decoding first = decoding(message, bytes, version);
        if (first.allocatedBytes() >= mostBytes) {
            assertThat(decoding(message, bytes, version).allocatedBytes()).isLessThan(mostBytes);
        }
        return first.decoded();
    }

    private record Decoding(boolean decoded, long allocatedBytes) {}

    private Decoding decoding(DeclaredMessage message, byte[] bytes, short version) throws Exception {
        long before = threads.getCurrentThreadAllocatedBytes();
        boolean decoded;
        try {
            message.decode(bytes, version);
            decoded = true;
        } catch (MalformedMessageException malformed) {
            assertThat(malformed.getMessage()).isNotBlank();
            decoded = false;
        }
        return new Decoding(decoded, threads.getCurrentThreadAllocatedBytes() - before);
    }

    private interface Check {
        void run(DeclaredMessage message, short version, byte[] bytes) throws Exception;
    }

    private List<DynamicTest> forEachVersion(Check check) throws Exception {
        RandomMessages messages = new RandomMessages(random);
        List<DynamicTest> tests = new ArrayList<>();
        for (DeclaredMessage message : DeclaredMessage.all()) {
            tests.add(DynamicTest.dynamicTest(message.name(), () -> {
                for (short version = message.minVersion(); version <= message.maxVersion(); version++) {
                    check.run(message, version, message.encode(messages.next(message.type()), version));
                }
            }));
        }
        return tests;
    }
}
