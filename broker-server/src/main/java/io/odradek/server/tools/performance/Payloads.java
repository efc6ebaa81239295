package io.odradek.server.tools.performance;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.odradek.server.tools.ToolException;
import io.odradek.server.tools.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;

/** The values of the records that are sent: the same ones in each run. */
interface Payloads {
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
     */
    static Payloads letters(int sizeBytes) {
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
    static Payloads pieces(String file, String delimiter, SendReport report) throws IOException {
        List<byte[]> pieces;
        try {
            Path path = Path.of(file);
            report.readingPayloads(path.toAbsolutePath().toString());
            long size = Files.size(path);
            // As text and in pieces it takes several times its size.
            if (size > Runtime.getRuntime().maxMemory() / 8) {
                throw new ToolException(file + " does not fit into memory: set BROKER_HEAP_OPTS=-Xmx"
                        + (size / (1 << 17) + 1) + "m, or take a smaller part of it");
            }
            pieces = Stream.of(Files.readString(path).split(delimiter.replace("\\n", "\n")))
                    .map(piece -> piece.getBytes(UTF_8))
                    .toList();
            UsageException.when(size == 0 || pieces.isEmpty(), "There is nothing in " + file);
        } catch (InvalidPathException impossible) {
            throw new ToolException("There is no file " + file, impossible);
        } catch (PatternSyntaxException wrong) {
            throw new UsageException("\"" + delimiter + "\" is no regular expression: " + wrong.getDescription());
        }
        report.payloadsRead(pieces.size());
        SplittableRandom random = new SplittableRandom(0);
        return number -> pieces.get(random.nextInt(pieces.size()));
    }
}
