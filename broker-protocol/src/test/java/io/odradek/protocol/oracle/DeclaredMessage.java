package io.odradek.protocol.oracle;

import io.odradek.protocol.wire.BytesPayload;
import io.odradek.protocol.wire.EncodedMessage;
import io.odradek.protocol.wire.Payload;
import io.odradek.protocol.wire.WireReader;
import io.odradek.protocol.wire.WireWriter;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A declared message by its generated codec, found among the classes of this module. */
record DeclaredMessage(Class<?> type, Method reader, Method writer, short minVersion, short maxVersion) {
    private static final String[] PACKAGES = {"io.odradek.protocol.api", "io.odradek.protocol.persisted"};

    /** {@return all messages that are declared, by name} */
    static List<DeclaredMessage> all() throws IOException, ReflectiveOperationException {
        List<DeclaredMessage> messages = new ArrayList<>();
        for (String packageName : PACKAGES) {
            Path folder = Path.of("target", "classes").resolve(packageName.replace('.', '/'));
            try (Stream<Path> files = Files.list(folder)) {
                for (Path file : files.sorted().toList()) {
                    String name = file.getFileName().toString();
                    if (name.endsWith("Codec.class")) {
                        messages.add(of(packageName + '.' + name.substring(0, name.length() - "Codec.class".length())));
                    }
                }
            }
        }
        return messages;
    }

    private static DeclaredMessage of(String name) throws ReflectiveOperationException {
        Class<?> type = Class.forName(name);
        Class<?> codec = Class.forName(name + "Codec");
        return new DeclaredMessage(
                type,
                codec.getMethod("read", WireReader.class, short.class),
                codec.getMethod("write", WireWriter.class, type, short.class),
                codec.getField("MIN_VERSION").getShort(null),
                codec.getField("MAX_VERSION").getShort(null));
    }

    String name() {
        return type.getSimpleName();
    }

    /** {@return the message decoded, which must take all of the bytes} */
    Object decode(byte[] bytes, short version) throws ReflectiveOperationException {
        WireReader in = new WireReader(ByteBuffer.wrap(bytes));
        Object message = invoke(reader, in, version);
        in.expectEnd();
        return message;
    }

    /** {@return how many bytes are left when the message has been read} */
    int surplusOf(byte[] bytes, short version) throws ReflectiveOperationException {
        WireReader in = new WireReader(ByteBuffer.wrap(bytes));
        invoke(reader, in, version);
        return in.remaining();
    }

    byte[] encode(Object message, short version) throws ReflectiveOperationException {
        WireWriter out = WireWriter.heap(16);
        invoke(writer, out, message, version);
        return bytesOf(out.finish());
    }

    private static byte[] bytesOf(EncodedMessage message) {
        ByteBuffer frame = ByteBuffer.allocate(message.sizeBytes());
        for (Payload part : message.parts()) {
            frame.put(((BytesPayload) part).buffer().duplicate());
        }
        frame.flip();
        byte[] body = new byte[frame.getInt()];
        frame.get(body);
        return body;
    }

    private static Object invoke(Method method, Object... arguments) throws ReflectiveOperationException {
        try {
            return method.invoke(null, arguments);
        } catch (InvocationTargetException failed) {
            if (failed.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            if (failed.getCause() instanceof Error cause) {
                throw cause;
            }
            throw failed;
        }
    }
}
