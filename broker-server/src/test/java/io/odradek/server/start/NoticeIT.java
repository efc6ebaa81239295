package io.odradek.server.start;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.coordination.json.JsonObject;
import io.odradek.core.coordination.json.JsonReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the distribution says of the libraries it has: the file NOTICE for people, odradek.cdx.json for programs. */
class NoticeIT {
    private static final Path DIST = Path.of("target/dist");
    private static final Path NOTICE = Path.of("../NOTICE");
    private static final Pattern ROW = Pattern.compile("  ([a-z0-9-]+\\*?) +(\\S+) +Copyright .*");
    private static final Pattern JAR = Pattern.compile("(.+?)-\\d.*\\.jar");
    /** Names that authors give their licence in its own file. */
    private static final Map<String, String> OTHER_NAMES = Map.of("Go License", "BSD-3-Clause");

    @Test
    void everyLibraryIsInTheNoticeWithItsLicenceAndNoOtherOne() throws IOException {
        Map<String, String> licences = licencesOfParts();
        List<String> unused = new ArrayList<>();
        Map<Pattern, String> rows = new LinkedHashMap<>();
        for (String line : Files.readAllLines(NOTICE)) {
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                rows.put(Pattern.compile(row.group(1).replace("*", ".*")), row.group(2));
                unused.add(row.group(1).replace("*", ".*"));
            }
        }
        if (licences != null) {
            assertThat(licences.keySet())
                    .filteredOn(part -> !part.startsWith("broker-"))
                    .as("the parts in odradek.cdx.json")
                    .isSubsetOf(libraries());
        }
        for (String library : libraries()) {
            if (licences != null) {
                assertThat(licences).as("the parts in odradek.cdx.json").containsKey(library);
            }
            assertThat(rows.entrySet()).as("NOTICE names %s", library).anySatisfy(row -> {
                assertThat(library).matches(row.getKey());
                if (licences != null) {
                    assertThat(row.getValue()).isEqualTo(licences.get(library));
                }
            });
            unused.removeIf(library::matches);
        }
        assertThat(unused).as("names in NOTICE of libraries that are not there").isEmpty();
    }

    /** {@return the names of all jars of others, without versions} */
    private static List<String> libraries() throws IOException {
        try (Stream<Path> files = Files.walk(DIST.resolve("lib"))) {
            return files.map(file -> JAR.matcher(file.getFileName().toString()))
                    .filter(Matcher::matches)
                    .map(jar -> jar.group(1))
                    .filter(name -> !name.startsWith("broker-"))
                    .distinct()
                    .sorted()
                    .toList();
        }
    }

    /** {@return by name; null if the build was offline, which leaves that file out} */
    private static Map<String, String> licencesOfParts() throws IOException {
        if (!Files.exists(DIST.resolve("odradek.cdx.json"))) {
            return null;
        }
        Map<String, String> licences = new TreeMap<>();
        JsonObject bom = JsonReader.readObject(Files.readAllBytes(DIST.resolve("odradek.cdx.json")));
        for (JsonObject part : bom.objectsAt("components")) {
            String name = licence(part.objectsAt("licenses").get(0));
            licences.put(part.stringAt("name"), OTHER_NAMES.getOrDefault(name, name));
        }
        return licences;
    }

    private static String licence(JsonObject of) {
        if (of.has("expression")) {
            return of.stringAt("expression");
        }
        JsonObject licence = of.objectAt("license");
        return licence.stringAt("id", licence.stringAt("name", ""));
    }
}
