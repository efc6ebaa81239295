package io.odradek.storage.log;

import java.util.Arrays;

/**
 * Versions of Kafka, as its settings name them: those that 3.9 knows. A name is that of a release, with whatever follows its
 * number after another point ({@code 2.8}, {@code 2.8.1}, {@code 0.9.0.1}), or that of a change on the way to it ({@code 2.8-IV1}).
 */
public final class KafkaVersion {
    /** In their order, each with the number of its changes that have a name. Of 4.0 only changes are known. */
    private static final String[] RELEASES = {
        "0.8.0",
        "0.8.1",
        "0.8.2",
        "0.9.0",
        "0.10.0:2",
        "0.10.1:3",
        "0.10.2:1",
        "0.11.0:3",
        "1.0:1",
        "1.1:1",
        "2.0:2",
        "2.1:3",
        "2.2:2",
        "2.3:2",
        "2.4:2",
        "2.5:1",
        "2.6:1",
        "2.7:3",
        "2.8:2",
        "3.0:2",
        "3.1:1",
        "3.2:1",
        "3.3:4",
        "3.4:1",
        "3.5:3",
        "3.6:3",
        "3.7:5",
        "3.8:1",
        "3.9:1",
        "4.0:2"
    };

    private static final String UNRELEASED = "4.0";
    private static final String CHANGE = "-IV";

    /** The first releases with the record formats 1 and 2. */
    private static final String[] FORMATS = {"0.10.0", "0.11.0"};

    private KafkaVersion() {}

    /** {@return whether there is such a version} */
    public static boolean isKnown(String text) {
        return release(text) >= 0;
    }

    /**
     * {@return the newest record format that a version has: the magic byte of its batches or messages}
     *
     * @throws IllegalArgumentException if there is no such version
     */
    public static int recordFormat(String text) {
        int release = release(text);
        if (release < 0) {
            throw new IllegalArgumentException("There is no version " + text);
        }
        int format = 0;
        for (String first : FORMATS) {
            format += release >= release(first) ? 1 : 0;
        }
        return format;
    }

    private static int release(String text) {
        int numbers = text.startsWith("0.") ? 3 : 2;
        String[] parts = text.split("\\.");
        String name = parts.length <= numbers ? text : String.join(".", Arrays.copyOf(parts, numbers));
        for (int i = 0; i < RELEASES.length; i++) {
            String[] known = RELEASES[i].split(":");
            if (name.equals(known[0]) && !name.equals(UNRELEASED)) {
                return i;
            }
            for (int change = 0; known.length > 1 && change < Integer.parseInt(known[1]); change++) {
                if (name.equals(known[0] + CHANGE + change)) {
                    return i;
                }
            }
        }
        return -1;
    }
}
