package io.odradek.protocol.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WireWriterTest {
    private record FileLike(int sizeBytes) implements Payload {}

    @Test
    void theFrameBeginsWithItsLength() {
        WireWriter out = WireWriter.heap(0);
        out.writeInt16((short) 0x0102);
        out.writeString("é", true);

        EncodedMessage message = out.finish();

        assertThat(message.sizeBytes()).isEqualTo(9);
        assertThat(hex(message, 0)).isEqualTo("00000005" + "0102" + "03c3a9");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aBufferGrowsWithoutLosingBytes(boolean direct) {
        WireWriter out = direct ? WireWriter.direct(8) : WireWriter.heap(8);
        for (int i = 0; i < 1000; i++) {
            out.writeInt32(i);
        }

        ByteBuffer bytes = out.finishUnframed();

        assertThat(bytes.remaining()).isEqualTo(4000);
        assertThat(bytes.isDirect()).isEqualTo(direct);
        for (int i = 0; i < 1000; i++) {
            assertThat(bytes.getInt()).isEqualTo(i);
        }
    }

    @Test
    void payloadsThatAreNotInMemoryBecomePartsInTheirPlace() {
        FileLike file = new FileLike(1000);
        WireWriter out = WireWriter.heap(4);
        out.writeInt8((byte) 1);
        out.writeRecords(file, false);
        out.writeInt8((byte) 2);

        EncodedMessage message = out.finish();

        assertThat(message.sizeBytes()).isEqualTo(4 + 1 + 4 + 1000 + 1);
        assertThat(message.parts()).hasSize(3);
        assertThat(hex(message, 0)).isEqualTo("000003ee" + "01" + "000003e8");
        assertThat(message.parts().get(1)).isSameAs(file);
        assertThat(hex(message, 2)).isEqualTo("02");
    }

    @Test
    void smallPayloadsInMemoryAreCopiedAndLargeOnesAreNot() {
        BytesPayload small = new BytesPayload(ByteBuffer.allocate(WireWriter.INLINE_BELOW_BYTES - 1));
        BytesPayload large = new BytesPayload(ByteBuffer.allocate(WireWriter.INLINE_BELOW_BYTES));
        WireWriter out = WireWriter.heap(4);
        out.writeRecords(small, true);
        out.writeRecords(large, true);

        EncodedMessage message = out.finish();

        assertThat(message.parts()).hasSize(2);
        assertThat(message.parts().get(1)).isSameAs(large);
        assertThat(message.sizeBytes()).isEqualTo(4 + 2 + 511 + 2 + 512);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 127, 128, 20_000})
    void aTaggedFieldIsPrecededByItsSize(int sizeBytes) {
        WireWriter out = WireWriter.heap(4);
        int start = out.beginTaggedField(7);
        for (int i = 0; i < sizeBytes; i++) {
            out.writeInt8((byte) i);
        }
        out.endTaggedField(start);

        ByteBuffer bytes = out.finishUnframed();

        assertThat(Varints.readUnsigned(bytes)).isEqualTo(7);
        assertThat(Varints.readUnsigned(bytes)).isEqualTo(sizeBytes);
        assertThat(bytes.remaining()).isEqualTo(sizeBytes);
        for (int i = 0; i < sizeBytes; i++) {
            assertThat(bytes.get()).isEqualTo((byte) i);
        }
    }

    @Test
    void taggedFieldsNest() {
        WireWriter out = WireWriter.heap(4);
        int outer = out.beginTaggedField(1);
        int inner = out.beginTaggedField(2);
        out.writeInt16((short) 0x0a0b);
        out.endTaggedField(inner);
        out.endTaggedField(outer);

        assertThat(hex(out.finish(), 0)).isEqualTo("00000006" + "01" + "04" + "02" + "02" + "0a0b");
    }

    @Test
    void whatCannotBeEncodedIsRefused() {
        WireWriter out = WireWriter.heap(4);

        assertThatIllegalStateException().isThrownBy(() -> out.writeUnsigned16(65536));
        assertThatIllegalStateException().isThrownBy(() -> out.writeUnsigned32(-1));
        assertThatIllegalStateException().isThrownBy(() -> out.writeString("x".repeat(32768), true));
        assertThatIllegalStateException()
                .isThrownBy(() -> WireWriter.required(null, "Topic.name"))
                .withMessageStartingWith("Topic.name is null");
    }

    @Test
    void aMessageBeyondAnIntIsRefused() {
        WireWriter out = WireWriter.heap(4);
        out.writeRecords(new FileLike(Integer.MAX_VALUE - 1), false);
        out.writeRecords(new FileLike(1024), false);

        assertThatIllegalStateException().isThrownBy(out::finish).withMessageContaining("does not fit into a frame");
    }

    @Test
    void aStoredMessageIsOneBuffer() {
        WireWriter out = WireWriter.heap(4);
        out.writeRecords(new FileLike(1024), false);

        assertThatIllegalStateException().isThrownBy(out::finishUnframed);
    }

    private static String hex(EncodedMessage message, int part) {
        ByteBuffer buffer = ((BytesPayload) message.parts().get(part)).buffer().duplicate();
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
