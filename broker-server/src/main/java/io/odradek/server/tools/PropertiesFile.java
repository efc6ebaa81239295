package io.odradek.server.tools;

import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/** A file of lines {@code KEY=VALUE}, in UTF-8, or in Latin-1, as Kafka's tools read it, where it is none. */
public final class PropertiesFile {
    private PropertiesFile() {}

    /** {@return what stands in it} @throws ToolException if it cannot be read, with its name */
    public static Map<String, String> read(String file) {
        Properties properties = new Properties();
        try {
            properties.load(new StringReader(text(Files.readAllBytes(Path.of(file)))));
        } catch (NoSuchFileException | InvalidPathException absent) {
            throw new ToolException("There is no file " + file);
        } catch (IOException | IllegalArgumentException unreadable) {
            throw new ToolException("The settings in " + file + " cannot be read: " + unreadable.getMessage());
        }
        Map<String, String> settings = new TreeMap<>();
        properties.forEach((name, value) -> settings.put(name.toString(), value.toString()));
        return settings;
    }

    private static String text(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException other) {
            return new String(bytes, StandardCharsets.ISO_8859_1);
        }
    }
}
