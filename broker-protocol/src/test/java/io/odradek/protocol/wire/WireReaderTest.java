package io.odradek.protocol.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WireReaderTest {
    @Test
    void everyPrimitiveIsReadInBigEndian() {
        WireReader in = reading("01" + "fe" + "fffe" + "fffe" + "fffffffe" + "fffffffe" + "fffffffffffffffe"
                + "3ff0000000000000" + "00000000000000010000000000000002");

        assertThat(in.readBoolean()).isTrue();
        assertThat(in.readInt8()).isEqualTo((byte) -2);
        assertThat(in.readInt16()).isEqualTo((short) -2);
        assertThat(in.readUnsigned16()).isEqualTo(65534);
        assertThat(in.readInt32()).isEqualTo(-2);
        assertThat(in.readUnsigned32()).isEqualTo(4294967294L);
        assertThat(in.readInt64()).isEqualTo(-2L);
        assertThat(in.readFloat64()).isEqualTo(1.0);
        assertThat(in.readUuid()).isEqualTo(new Uuid(1, 2));
        in.expectEnd();
    }

    @Test
    void stringsAreReadInBothEncodings() {
        WireReader in = reading("0002c3a9" + "03c3a9" + "ffff" + "00" + "0000" + "01");

        assertThat(in.readString(false)).isEqualTo("é");
        assertThat(in.readString(true)).isEqualTo("é");
        assertThat(in.readNullableString(false)).isNull();
        assertThat(in.readNullableString(true)).isNull();
        assertThat(in.readString(false)).isEmpty();
        assertThat(in.readString(true)).isEmpty();
        in.expectEnd();
    }

    @Test
    void stringsAreReadFromDirectMemory() {
        ByteBuffer direct = ByteBuffer.allocateDirect(16);
        direct.putShort((short) 7)
                .put("topic-€".substring(0, 6).getBytes(StandardCharsets.UTF_8))
                .put((byte) 'x')
                .flip();

        assertThat(new WireReader(direct).readString(false)).isEqualTo("topic-x");
    }

    @Test
    void bytesAreCopiesAndRecordsAreSlices() {
        ByteBuffer message = ByteBuffer.wrap(HexFormat.of().parseHex("00000002" + "0a0b" + "03" + "0c0d"));
        WireReader in = new WireReader(message);
        ByteBuffer bytes = in.readBytes(false);
        BytesPayload records = in.readRecords(true);

        message.put(4, (byte) 0).put(7, (byte) 0);

        assertThat(bytes).isEqualTo(ByteBuffer.wrap(new byte[] {0x0a, 0x0b}));
        assertThat(records.buffer()).isEqualTo(ByteBuffer.wrap(new byte[] {0, 0x0d}));
    }

    @ParameterizedTest
    @ValueSource(strings = {"c3", "c328", "eda080", "f4908080", "c0af", "ff"})
    void bytesOfAStringThatAreNotUtf8AreReplaced(String hex) {
        WireReader in = reading("%02x".formatted(hex.length() / 2 + 1) + hex + "2a");

        assertThat(in.readString(true)).contains("\ufffd");
        assertThat(in.readInt8()).isEqualTo((byte) 0x2a);
    }

    @Test
    void aStringThatWouldBeTooLongOnceItsBytesAreReplacedIsRefused() {
        byte[] longest = new byte[2 + 32767];
        Arrays.fill(longest, (byte) 0xff);
        ByteBuffer message = ByteBuffer.wrap(longest).putShort(0, (short) 32767);

        assertMalformed(() -> new WireReader(message).readString(false));
    }

    @ParameterizedTest
    @CsvSource({
        "false, 0005aaaa",
        "false, fffe",
        "false, 7fff",
        "true, 06aaaa",
        "true, ffffffff0f",
        "true, 818002",
        "true, 8080808010"
    })
    void stringsLongerThanWhatRemainsOrIsAllowedAreRefused(boolean compact, String hex) {
        assertMalformed(() -> reading(hex).readNullableString(compact));
    }

    @ParameterizedTest
    @CsvSource({
        "false, 7fffffff",
        "false, fffffffe",
        "false, 00000003aaaa",
        "true, ffffffff07",
        "true, ffffffff0f",
        "true, 04aaaa"
    })
    void hostileLengthsAreRefusedBeforeAnythingIsAllocated(boolean compact, String hex) {
        assertMalformed(() -> reading(hex).readNullableBytes(compact));
        assertMalformed(() -> reading(hex).readNullableRecords(compact));
        assertMalformed(() -> reading(hex).readNullableArrayLength(compact, 1));
    }

    @Test
    void anArrayWhoseElementsCannotFitIsRefused() {
        assertThat(reading("00000002" + "0000000000000000").readArrayLength(false, 4))
                .isEqualTo(2);
        assertMalformed(() -> reading("00000003" + "0000000000000000").readArrayLength(false, 4));
    }

    @Test
    void nullIsRefusedWhereItIsNotAllowed() {
        assertMalformed(() -> reading("ffff").readString(false));
        assertMalformed(() -> reading("00").readBytes(true));
        assertMalformed(() -> reading("ffffffff").readRecords(false));
        assertMalformed(() -> reading("00").readArrayLength(true, 1));
    }

    @Test
    void unknownTaggedFieldsAreSkipped() {
        WireReader in = reading("02" + "0002aaaa" + "0501bb" + "2a");

        in.skipTaggedFields();

        assertThat(in.readInt8()).isEqualTo((byte) 0x2a);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0205000500", // the same tag twice
                "0205000400", // tags that descend
                "01000aaa", // longer than what remains
                "0100ffffffff0f", // a size beyond an int
                "ffffffff0f", // a count beyond an int
                "05000000", // more fields than bytes
                "" // no section at all
            })
    void badTaggedFieldsAreRefused(String hex) {
        assertMalformed(() -> reading(hex).skipTaggedFields());
    }

    @Test
    void bytesAfterTheEndAreCountedAndRefusedWhereNoneMayBe() {
        WireReader in = reading("07" + "0102");
        in.readInt8();

        assertThat(in.remaining()).isEqualTo(2);
        assertMalformed(in::expectEnd);
    }

    private static WireReader reading(String hex) {
        return new WireReader(ByteBuffer.wrap(HexFormat.of().parseHex(hex)));
    }

    private static void assertMalformed(org.assertj.core.api.ThrowableAssert.ThrowingCallable reading) {
        assertThatExceptionOfType(MalformedMessageException.class).isThrownBy(reading);
    }
}
