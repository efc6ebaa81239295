package io.odradek.server.tools.performance;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.odradek.server.tools.ToolException;
import io.odradek.server.tools.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;

/** The values of the records that are sent: the same ones in each run. */
interface Payloads {
    /** However much memory there is. */
    int MOST_BYTES = 1 << 30;

    /** {@return the value of a record} @param number how many have been sent before */
    byte[] next(long number);

    /** {@return the numbers from 0 on, in decimal} */
    static Payloads numbers() {
        return number -> Long.toString(number).getBytes(UTF_8);
    }

    /**
     * {@return capital letters at random} Each is a piece of one long text, as making them anew would take as much time as sending
     * them; it is so long that compression gains nothing by that.
     *
     * @param sizeBytes of each
     * @throws ToolException if it does not fit into memory
     */
    static Payloads letters(int sizeBytes) {
        requireRoom("A record of " + sizeBytes + " bytes", sizeBytes, "or a smaller --record-size");
        SplittableRandom random = new SplittableRandom(0);
        int places = 1 << 20;
        byte[] text = new byte[places + sizeBytes];
        for (int i = 0; i < text.length; i++) {
            text[i] = (byte) ('A' + random.nextInt(26));
        }
        return number -> {
            int from = random.nextInt(places);
            return Arrays.copyOfRange(text, from, from + sizeBytes);
        };
    }

    /**
     * {@return the pieces of a file, at random}
     *
     * @param file in UTF-8, its end as if a delimiter stood there
     * @param delimiter a regular expression for what is between pieces
     * @param report is told of it
     * @throws ToolException if it cannot be read, or does not fit into memory
     */
    static Payloads pieces(String file, String delimiter, SendReport report) {
        List<byte[]> pieces;
        try {
            Path path = Path.of(file);
            report.readingPayloads(path.toAbsolutePath().toString());
            long size = Files.size(path);
            requireRoom(file, size, "or take a smaller part of it");
            pieces = Stream.of(new String(Files.readAllBytes(path), UTF_8).split(delimiter.replace("\\n", "\n")))
                    .map(piece -> piece.getBytes(UTF_8))
                    .toList();
            UsageException.when(size == 0 || pieces.isEmpty(), "There is nothing in " + file);
        } catch (NoSuchFileException | InvalidPathException absent) {
            throw new ToolException("There is no file " + file, absent);
        } catch (IOException unreadable) {
            throw new ToolException(file + " cannot be read: " + unreadable.getMessage(), unreadable);
        } catch (PatternSyntaxException wrong) {
            throw new UsageException("\"" + delimiter + "\" is no regular expression: " + wrong.getDescription());
        }
        report.payloadsRead(pieces.size());
        SplittableRandom random = new SplittableRandom(0);
        return number -> pieces.get(random.nextInt(pieces.size()));
    }

    /** As text, in pieces and in what is on its way, something takes several times its size. */
    private static void requireRoom(String what, long sizeBytes, String otherwise) {
        if (sizeBytes > Math.min(Runtime.getRuntime().maxMemory() / 8, MOST_BYTES)) {
            throw new ToolException(what + " does not fit into memory: set BROKER_HEAP_OPTS=-Xmx"
                    + (sizeBytes / (1 << 17) + 1) + "m, " + otherwise);
        }
    }
}
