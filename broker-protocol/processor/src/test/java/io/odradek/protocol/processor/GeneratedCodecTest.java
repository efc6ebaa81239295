package io.odradek.protocol.processor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the generated codecs do with bytes written out by hand. */
class GeneratedCodecTest {
    private static final String WIRE = "io.odradek.protocol.wire.";

    @TempDir
    private Path classes;

    @Test
    void aFieldIsOnTheWireInItsVersionsOnlyAndHasItsDefaultElsewhere() throws Exception {
        Codec codec = compile("""
                @Message(versions = "0-3", flexible = "none")
                public record Sample(@Versions("1-2") @Default("0x7f") int a, @Versions("2+") String b, byte c) {}
                """);

        assertThat(codec.text(0, "05")).isEqualTo("Sample[a=127, b=, c=5]");
        assertThat(codec.text(1, "00000001" + "05")).isEqualTo("Sample[a=1, b=, c=5]");
        assertThat(codec.text(2, "00000001" + "000178" + "05")).isEqualTo("Sample[a=1, b=x, c=5]");
        assertThat(codec.text(3, "000178" + "05")).isEqualTo("Sample[a=127, b=x, c=5]");
    }

    @Test
    void aNullIsReadInTheVersionsThatAllowItAndMalformedElsewhere() throws Exception {
        Codec codec = compile("""
                @Message(versions = "0-2", flexible = "2+")
                public record Sample(@Nullable("1+") String name, @Nullable("1+") List<Integer> numbers) {}
                """);

        assertThat(codec.text(1, "ffff" + "ffffffff")).isEqualTo("Sample[name=null, numbers=null]");
        assertThat(codec.text(2, "00" + "00" + "00")).isEqualTo("Sample[name=null, numbers=null]");
        assertMalformed(codec, 0, "ffff" + "00000000", "Sample.name: null");
        assertMalformed(codec, 0, "0000" + "ffffffff", "Sample.numbers: null");
    }

    @Test
    void aNullableStructureHasAMarker() throws Exception {
        Codec codec = compile("""
                @Message(versions = "0-1", flexible = "none")
                public record Sample(@Nullable("1+") Part part) {
                    public record Part(short a) {}
                }
                """);

        assertThat(codec.text(0, "0001")).isEqualTo("Sample[part=Part[a=1]]");
        assertThat(codec.text(1, "01" + "0001")).isEqualTo("Sample[part=Part[a=1]]");
        assertThat(codec.text(1, "ff")).isEqualTo("Sample[part=null]");
    }

    @Test
    void arraysOfArraysAreReadAndWritten() throws Exception {
        Codec codec = compile("""
                @Message(versions = "0-1", flexible = "1+")
                public record Sample(List<List<Short>> rows, List<Byte> bytes, List<Long> longs, List<Uuid> ids) {}
                """);

        assertThat(codec.text(
                        0, "00000002" + "00000001" + "0007" + "00000000" + "00000001ff" + "00000000" + "00000000"))
                .isEqualTo("Sample[rows=[[7], []], bytes=[-1], longs=[], ids=[]]");
        assertThat(codec.text(1, "03" + "02" + "0007" + "01" + "02ff" + "01" + "01" + "00"))
                .isEqualTo("Sample[rows=[[7], []], bytes=[-1], longs=[], ids=[]]");
    }

    @Test
    void taggedFieldsOfEveryKindAreWrittenOnlyIfTheyDifferFromTheirDefault() throws Exception {
        Codec codec = compile("""
                @Message(versions = "0-1", flexible = "0+")
                public record Sample(
                    @Tagged(tag = 2, versions = "0+") @Default("-1") int number,
                    @Tagged(tag = 0, versions = "0+") Part part,
                    @Tagged(tag = 1, versions = "1+") List<Short> shorts,
                    @Tagged(tag = 5, versions = "0+") @Nullable @Default("null") String name) {
                    public record Part(@Default("-1") short a) {}
                }
                """);

        assertThat(codec.text(1, "00")).isEqualTo("Sample[number=-1, part=Part[a=-1], shorts=[], name=null]");
        assertThat(codec.text(1, "04" + "0003000300" + "0103020009" + "020400000007" + "05020278"))
                .isEqualTo("Sample[number=7, part=Part[a=3], shorts=[9], name=x]");
    }

    @Test
    void aTaggedFieldWhoseSizeIsWrongIsMalformed() throws Exception {
        Codec codec = compile("""
                @Message(versions = "0", flexible = "0+")
                public record Sample(@Tagged(tag = 0, versions = "0+") int number) {}
                """);

        assertMalformed(codec, 0, "01" + "0005" + "0000000700", "Sample.number: ");
        assertMalformed(codec, 0, "01" + "0003" + "00000007", "Sample.number: ");
    }

    @Test
    void aTagOfAnotherVersionIsSkipped() throws Exception {
        Codec codec = compile("""
                @Message(versions = "0-1", flexible = "0+")
                public record Sample(@Tagged(tag = 0, versions = "1+") int number) {}
                """);

        assertThat(codec.read(0, "01" + "0003aabbcc")).hasToString("Sample[number=0]");
    }

    @Test
    void anUnsignedPortAndACompactExceptionAreRead() throws Exception {
        Codec codec = compile("""
                @Message(versions = "0", flexible = "0+")
                public record Sample(@Unsigned16 int port, @Flexible("none") String plain, double d, ErrorCode error) {}
                """);

        assertThat(codec.text(0, "ffff" + "000178" + "3ff0000000000000" + "0003" + "00"))
                .isEqualTo("Sample[port=65535, plain=x, d=1.0, error=UNKNOWN_TOPIC_OR_PARTITION]");
    }

    @Test
    void componentsMayHaveTheNamesThatACodecUsesItself() throws Exception {
        Codec codec = compile("""
                @Message(versions = "0-1", flexible = "1+")
                public record Sample(
                    byte in, byte out, byte version, byte flexible, byte field, byte tag, byte end, byte left, byte value,
                    @Tagged(tag = 0, versions = "1+") byte start) {}
                """);

        assertThat(codec.text(1, "010203040506070809" + "01" + "00010a"))
                .isEqualTo(
                        "Sample[in=1, out=2, version=3, flexible=4, field=5, tag=6, end=7, left=8, value=9, start=10]");
    }

    @Test
    void nullWhereTheVersionDoesNotAllowItIsNotWritten() throws Exception {
        Codec codec = compile("""
                @Message(versions = "0-1", flexible = "none")
                public record Sample(@Nullable("1+") String name) {}
                """);
        Object nameless = codec.read(1, "ffff");

        assertThatThrownBy(() -> codec.write(nameless, 0))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("Sample.name is null");
    }

    @Test
    void versionsOutsideTheDeclarationAreRefused() throws Exception {
        Codec codec = compile("@Message(versions = \"2-3\", flexible = \"none\")\npublic record Sample(byte a) {}");

        assertThat(codec.text(2, "07")).isEqualTo("Sample[a=7]");
        assertMalformed(codec, 1, "07", "Sample has no version 1");
        assertMalformed(codec, 4, "07", "Sample has no version 4");
    }

    @Test
    void aThrottleTimeIsOnTheWireButIsNoComponent() throws Exception {
        Codec codec = new Codec(Compilation.of(classes, """
                @Response(key = 3, versions = "0-1", flexible = "none")
                @ThrottleTime(value = "1+", after = "a")
                public record Sample(byte a, ErrorCode errorCode) implements ApiResponse {}
                """, """
                @Request(key = 3, versions = "0-1", flexible = "none")
                public record Ask(byte a) implements ApiRequest {}
                """).load());

        assertThat(codec.text(0, "07" + "0003")).isEqualTo("Sample[a=7, errorCode=UNKNOWN_TOPIC_OR_PARTITION]");
        assertThat(codec.text(1, "07" + "00000000" + "0003"))
                .isEqualTo("Sample[a=7, errorCode=UNKNOWN_TOPIC_OR_PARTITION]");
        Object throttled = codec.read(1, "07" + "00000064" + "0003");
        assertThat(throttled).hasToString("Sample[a=7, errorCode=UNKNOWN_TOPIC_OR_PARTITION]");
        assertThat(codec.write(throttled, 1, 100)).isEqualTo("07" + "00000064" + "0003");
        assertThat(codec.write(throttled, 0, 100)).isEqualTo("07" + "0003");
    }

    @Test
    void aThrottleTimeComesFirstUnlessItSaysOtherwise() throws Exception {
        Codec codec = new Codec(Compilation.of(classes, """
                @Response(key = 3, versions = "0", flexible = "none")
                @ThrottleTime
                public record Sample(ErrorCode errorCode) implements ApiResponse {}
                """, """
                @Request(key = 3, versions = "0", flexible = "none")
                public record Ask(byte a) implements ApiRequest {}
                """).load());

        assertThat(codec.write(codec.read(0, "00000000" + "0003"), 0, 9)).isEqualTo("00000009" + "0003");
    }

    @Test
    void anErrorAnswerTakesWhatAnElementDoesNotHaveFromTheElementAroundIt() throws Exception {
        Codec codec = new Codec(Compilation.of(classes, """
                @Response(key = 3, versions = "0-2", flexible = "none")
                public record Sample(
                        @Mirrors({"single", "topics.indexes", "states.parts"}) List<Part> parts) implements ApiResponse {
                    public record Part(
                        @Mirrors({"topic", "name"}) String topic, @Mirrors int index, ErrorCode errorCode) {}
                }
                """, """
                @Request(key = 3, versions = "0-2", flexible = "none")
                public record Ask(
                        @Versions("0") List<State> single,
                        @Versions("1") List<Topic> topics,
                        @Versions("2") List<Topics> states) implements ApiRequest {
                    public record State(@Versions("0") String topic, int index) {}
                    public record Topic(String name, List<Integer> indexes) {}
                    public record Topics(String topic, List<State> parts) {}
                }
                """).load());

        assertThat(codec.error(0, "00000001" + "000178" + "00000007"))
                .isEqualTo("Sample[parts=[Part[topic=x, index=7, errorCode=UNKNOWN_TOPIC_OR_PARTITION]]]");
        assertThat(codec.error(1, "00000001" + "000178" + "00000001" + "00000007"))
                .isEqualTo("Sample[parts=[Part[topic=x, index=7, errorCode=UNKNOWN_TOPIC_OR_PARTITION]]]");
        assertThat(codec.error(2, "00000001" + "000178" + "00000001" + "00000007"))
                .isEqualTo("Sample[parts=[Part[topic=x, index=7, errorCode=UNKNOWN_TOPIC_OR_PARTITION]]]");
    }

    private static void assertMalformed(Codec codec, int version, String hex, String message) {
        assertThatThrownBy(() -> codec.read(version, hex))
                .satisfies(failure ->
                        assertThat(failure.getClass().getSimpleName()).isEqualTo("MalformedMessageException"))
                .hasMessageStartingWith(message);
    }

    private Codec compile(String declaration) throws IOException {
        return new Codec(Compilation.of(classes, declaration).load());
    }

    /** The codec of {@code sample.Sample}, in a class loader of its own. */
    private record Codec(ClassLoader loader) {
        /** {@return the text form of what these bytes decode to, after a check that it is written back as the same bytes} */
        String text(int version, String hex) throws Exception {
            Object sample = read(version, hex);
            assertThat(write(sample, version)).isEqualTo(hex);
            return sample.toString();
        }

        Object read(int version, String hex) throws Exception {
            Class<?> reader = loader.loadClass(WIRE + "WireReader");
            ByteBuffer bytes = ByteBuffer.wrap(HexFormat.of().parseHex(hex));
            Object in = reader.getConstructor(ByteBuffer.class).newInstance(bytes);
            Object sample = call("read", new Class<?>[] {reader, short.class}, in, (short) version);
            reader.getMethod("expectEnd").invoke(in);
            return sample;
        }

        /** {@return the text form of the answer UNKNOWN_TOPIC_OR_PARTITION to the request {@code sample.Ask} in these bytes} */
        String error(int version, String hex) throws Exception {
            Class<?> reader = loader.loadClass(WIRE + "WireReader");
            Object in = reader.getConstructor(ByteBuffer.class)
                    .newInstance(ByteBuffer.wrap(HexFormat.of().parseHex(hex)));
            Object ask = loader.loadClass("sample.AskCodec")
                    .getMethod("read", reader, short.class)
                    .invoke(null, in, (short) version);
            Class<?> errors = loader.loadClass("io.odradek.protocol.errors.ErrorCode");
            Object unknown = errors.getField("UNKNOWN_TOPIC_OR_PARTITION").get(null);
            Class<?>[] types = {ask.getClass(), short.class, errors, String.class};
            return call("error", types, ask, (short) version, unknown, null).toString();
        }

        String write(Object sample, int version) throws Exception {
            Class<?> writer = loader.loadClass(WIRE + "WireWriter");
            Object out = writer.getMethod("heap", int.class).invoke(null, 8);
            Class<?>[] types = {writer, sample.getClass(), short.class};
            call("write", types, out, sample, (short) version);
            return written(writer, out);
        }

        String write(Object sample, int version, int throttleTimeMs) throws Exception {
            Class<?> writer = loader.loadClass(WIRE + "WireWriter");
            Object out = writer.getMethod("heap", int.class).invoke(null, 8);
            Class<?>[] types = {writer, sample.getClass(), short.class, int.class};
            call("write", types, out, sample, (short) version, throttleTimeMs);
            return written(writer, out);
        }

        private static String written(Class<?> writer, Object out) throws Exception {
            ByteBuffer written = (ByteBuffer) writer.getMethod("finishUnframed").invoke(out);
            byte[] bytes = new byte[written.remaining()];
            written.get(bytes);
            return HexFormat.of().formatHex(bytes);
        }

        private Object call(String method, Class<?>[] types, Object... arguments) throws Exception {
            try {
                return loader.loadClass("sample.SampleCodec")
                        .getMethod(method, types)
                        .invoke(null, arguments);
            } catch (InvocationTargetException failed) {
                throw (RuntimeException) failed.getCause();
            }
        }
    }
}
