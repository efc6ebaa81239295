package io.odradek.core.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The mutations that the simulator and the stress of groups are to catch can still be made, though nobody makes them in a build. */
class MutationPatchesTest {
    private static final Path MUTATIONS = Path.of("src", "test", "mutations");
    private static final Path ROOT = Path.of("..");

    @Test
    void whatEachMutationChangesIsInTheCode() throws IOException {
        List<Path> patches;
        try (Stream<Path> files = Files.walk(MUTATIONS)) {
            patches = files.filter(file -> file.toString().endsWith(".patch"))
                    .sorted()
                    .toList();
        }
        assertThat(patches).hasSizeGreaterThanOrEqualTo(17);
        for (Path patch : patches) {
            for (Hunk hunk : hunks(patch)) {
                assertThat(Files.readString(ROOT.resolve(hunk.file)))
                        .as(patch.getFileName().toString())
                        .contains(hunk.before());
            }
        }
    }

    /** A change of one place: the lines as they are before it. */
    private record Hunk(String file, List<String> lines) {
        String before() {
            return String.join("\n", lines) + "\n";
        }
    }

    private static List<Hunk> hunks(Path patch) throws IOException {
        List<Hunk> hunks = new ArrayList<>();
        String file = null;
        Hunk open = null;
        for (String line : Files.readAllLines(patch)) {
            if (line.startsWith("--- a/")) {
                file = line.substring("--- a/".length());
                open = null;
            } else if (line.startsWith("@@")) {
                open = new Hunk(file, new ArrayList<>());
                hunks.add(open);
            } else if (line.startsWith("diff ")) {
                open = null;
            } else if (open != null && (line.startsWith(" ") || line.startsWith("-"))) {
                open.lines.add(line.substring(1));
            } else if (open != null && line.isEmpty()) {
                open.lines.add("");
            }
        }
        return hunks;
    }
}
