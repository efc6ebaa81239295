package io.odradek.server.tools;

import io.odradek.core.coordination.json.JsonObject;
import io.odradek.core.coordination.json.JsonReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.function.Function;

/** A file with one JSON object that says what a tool is to do. */
public final class JsonFile {
    private static final int VERSION = 1;

    private JsonFile() {}

    /**
     * {@return what is made of a file}
     *
     * @param file its name
     * @param reader makes it, and throws {@link IllegalArgumentException} of what cannot be meant
     * @throws ToolException that names the file, if it is not there, is no JSON, has another version than 1, or cannot be meant
     */
    public static <T> T read(String file, Function<JsonObject, T> reader) {
        try {
            JsonObject object = JsonReader.readObject(Files.readAllBytes(Path.of(file)));
            if (object.intAt("version", VERSION) != VERSION) {
                throw new ToolException(file + " has version " + object.intAt("version") + ", and only 1 is known");
            }
            return reader.apply(object);
        } catch (NoSuchFileException | InvalidPathException absent) {
            throw new ToolException("There is no file " + file);
        } catch (IOException | IllegalArgumentException | ArithmeticException wrong) {
            throw new ToolException(file + " cannot be used: " + wrong.getMessage());
        }
    }
}
