package io.odradek.server.errors;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.request.SupportedApis;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.errors.ErrorCode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

/**
 * {@code error-codes.tsv} names, for each API, the errors that Kafka documents for it and those that the handler's own comment
 * claims, each with a test that receives it, or after a dash why nobody can receive it here. This keeps it whole.
 */
class ErrorTableTest {
    private static final Pattern NAME = Pattern.compile("\\b[A-Z][A-Z_]{3,}\\b");
    private static final Map<Path, Map<String, Path>> FILES = new HashMap<>();
    private static final Set<String> CODES =
            Arrays.stream(ErrorCode.values()).map(Enum::name).collect(Collectors.toSet());

    /**
     * A line of the table.
     *
     * @param api the API's name
     * @param error the error's
     * @param told a test as Class#method, or "- reason"
     */
    private record Row(String api, String error, String told) {
        boolean isTested() {
            return !told.startsWith("- ");
        }
    }

    private static List<Row> rows() throws IOException {
        List<Row> rows = new ArrayList<>();
        try (InputStream in = ErrorTableTest.class.getResourceAsStream("error-codes.tsv")) {
            for (String line : new String(in.readAllBytes(), UTF_8).lines().toList()) {
                String[] columns = line.split("\t");
                assertThat(columns).as(line).hasSize(3);
                rows.add(new Row(columns[0], columns[1], columns[2]));
            }
        }
        return rows;
    }

    @Test
    void everyApiHasItsErrorsAndEveryErrorItsOneRow() throws IOException {
        Set<String> served = SupportedApis.CLIENT.ranges().stream()
                .map(range -> range.api().name())
                .collect(Collectors.toCollection(TreeSet::new));
        List<Row> rows = rows();
        assertThat(rows).extracting(Row::api).isSubsetOf(served);
        assertThat(served).isSubsetOf(rows.stream().map(Row::api).toList());
        assertThat(rows).extracting(Row::error).isSubsetOf(CODES);
        assertThat(rows.stream().map(row -> row.api() + " " + row.error()).toList())
                .doesNotHaveDuplicates();
    }

    @Test
    void everyTestThatIsNamedExistsAndKnowsItsError() throws IOException {
        Map<String, String> sources = new HashMap<>();
        for (Row row : rows()) {
            if (row.isTested()) {
                String[] name = row.told().split("#");
                String source = sources.computeIfAbsent(name[0], ErrorTableTest::testSource);
                int from = source.indexOf("void " + name[1] + "(");
                assertThat(from).as("%s", row).isNotNegative();
                String body = source.substring(from, source.indexOf("\n    }\n", from));
                String exception = Errors.valueOf(row.error()).exception() == null
                        ? row.error()
                        : Errors.valueOf(row.error()).exception().getClass().getSimpleName();
                assertThat(body).as("%s", row).containsAnyOf(row.error(), exception);
            }
        }
    }

    @Test
    void whatAHandlerClaimsIsInTheTable() throws IOException {
        Set<String> table =
                rows().stream().map(row -> row.api() + " " + row.error()).collect(Collectors.toSet());
        Set<String> missing = new TreeSet<>();
        for (SupportedApis.Range range : SupportedApis.CLIENT.ranges()) {
            Matcher named = NAME.matcher(handlerComment(range.api()));
            while (named.find()) {
                if (CODES.contains(named.group()) && !named.group().equals("NONE")) {
                    missing.add(range.api() + " " + named.group());
                }
            }
        }
        missing.removeAll(table);
        assertThat(missing).isEmpty();
    }

    private static String handlerComment(ApiKey api) {
        String name = Arrays.stream(api.name().split("_"))
                .map(word -> word.charAt(0) + word.substring(1).toLowerCase(Locale.ROOT))
                .collect(Collectors.joining());
        String source = source(Path.of("../broker-core/src/main/java/io/odradek/core/request"), name + "Handler.java");
        return source.substring(source.indexOf("/**"), source.indexOf("*/"));
    }

    private static String testSource(String name) {
        for (String module : List.of(".", "../broker-core")) {
            String found = source(Path.of(module, "src/test/java"), name + ".java");
            if (!found.isEmpty()) {
                return found;
            }
        }
        throw new AssertionError("There is no test " + name);
    }

    private static String source(Path folder, String file) {
        try {
            Path found = FILES.computeIfAbsent(folder, ErrorTableTest::files).get(file);
            return found == null ? "" : Files.readString(found);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, Path> files(Path folder) {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(path -> path.toString().endsWith(".java"))
                    .collect(
                            Collectors.toMap(path -> path.getFileName().toString(), path -> path, (one, other) -> one));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
