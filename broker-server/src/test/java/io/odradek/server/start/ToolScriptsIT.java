package io.odradek.server.start;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.server.embedded.EmbeddedBroker;
import io.odradek.server.tools.Tools;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** {@code bin/odradek} and the scripts beside it, in a checkout and unpacked. */
@DisabledOnOs(OS.WINDOWS)
class ToolScriptsIT {
    private static final Path DIST = Path.of("target/dist");

    /** A blank in the name, on purpose. */
    @TempDir(factory = BlankInTheName.class)
    private Path folder;

    private final Map<String, String> environment = new TreeMap<>();

    @Test
    void scriptsAndTheOneCommandAreTheSameTools() throws Exception {
        Path linked = Files.createSymbolicLink(folder.resolve("linked"), Scripts.BIN);
        Scripts scripts = new Scripts(folder, environment);
        try (EmbeddedBroker broker = EmbeddedBroker.start()) {
            String at = broker.bootstrapServers();
            Scripts.Result created =
                    scripts.run("broker-topics.sh", "--bootstrap-server", at, "--create", "--topic", "topic");
            assertThat(created.status()).as(created.output()).isZero();
            assertThat(created.output()).isEqualTo("Created topic topic.\n");
            Scripts.Result listed =
                    scripts.run(linked.resolve("odradek"), "topics", "--bootstrap-server", at, "--list");
            assertThat(listed.output()).isEqualTo("topic\n");
        }
        Scripts.Result help = scripts.run("broker-consumer-groups.sh", "--help");
        assertThat(help.output())
                .startsWith("Usage: broker-consumer-groups.sh ")
                .contains("  broker-consumer-groups.sh --list");
        Scripts.Result refused = scripts.run("broker-topics.sh", "--lst");
        assertThat(refused.status()).isEqualTo(1);
        assertThat(refused.output()).isEqualTo("Unknown option: '--lst' (--help shows how it is used)\n");
        assertThat(scripts.run("odradek").status()).isEqualTo(1);
    }

    /** Those for which more is asked than their help. */
    private static final Map<String, List<String>> CALLS = Map.of(
            "log-dirs", List.of("--describe", "--topic-list", "topic"),
            "leader-election", List.of("--election-type", "preferred", "--topic", "topic", "--partition", "0"),
            "doctor", List.of("--seconds", "1"),
            "producer-perf-test", List.of("--topic", "topic", "--num-records", "9", "--payload-monotonic"),
            "consumer-perf-test", List.of("--topic", "topic", "--num-records", "9", "--hide-header"),
            "consume", List.of("--topic", "topic", "--from-beginning", "--max-messages", "9"));

    /** What they say then; of Kafka's own all but the numbers. */
    private static final Map<String, String> SAID = Map.of(
            "log-dirs", "\"partition\":\"topic-0\"",
            "leader-election", "Valid replica already elected for partitions",
            "doctor", "answers",
            "producer-perf-test", "9 records sent, ",
            "consumer-perf-test", ", 9, ",
            "consume", "0\n1\n2\n3\n4\n5\n6\n7\n8\nProcessed a total of 9 messages\n");

    @Test
    void eachScriptIsItsTool() throws Exception {
        Scripts scripts = new Scripts(folder, environment);
        try (EmbeddedBroker broker = EmbeddedBroker.builder().topic("topic", 1).start()) {
            List<Tools.Entry> tools = new ArrayList<>(Tools.all());
            // What is read is to be there.
            tools.sort(Comparator.comparing(tool -> tool.name().equals("producer-perf-test") ? 0 : 1));
            for (Tools.Entry tool : tools) {
                List<String> call = new ArrayList<>(CALLS.getOrDefault(tool.name(), List.of("--help")));
                if (CALLS.containsKey(tool.name())) {
                    call.addAll(List.of("--bootstrap-server", broker.bootstrapServers()));
                }
                Scripts.Result result = scripts.run(tool.script(), call.toArray(String[]::new));
                assertThat(result.status())
                        .as(tool.script() + " " + result.output())
                        .isZero();
                assertThat(result.output())
                        .as(tool.script())
                        .contains(SAID.getOrDefault(tool.name(), "Usage: " + tool.script() + " "));
            }
        }
    }

    @Test
    void whoeverNamesAHeapACollectorOrAnArchiveGetsIt() throws Exception {
        environment.put("BROKER_OPTS", "-XX:+UseParallelGC -Xmx128m -Xshare:off -XX:+PrintFlagsFinal");
        Scripts.Result flags = new Scripts(folder, environment).run("odradek", "--version");
        assertThat(flags.output())
                .containsPattern("UseParallelGC += true")
                .containsPattern("UseSerialGC += false")
                .containsPattern("MaxHeapSize += 134217728 ")
                .contains("kafka-clients");
    }

    @Test
    void theBrokerHasNothingOfWhatTheToolsHave() throws Exception {
        try (Stream<Path> files = Files.list(DIST.resolve("lib"))) {
            assertThat(files.map(file -> file.getFileName().toString())).noneMatch(name -> name.startsWith("kafka-"));
        }
        try (Stream<Path> files = Files.list(DIST.resolve("lib/tools"))) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .singleElement()
                    .asString()
                    .matches("kafka-clients-.*\\.jar");
        }
        try (Stream<Path> files = Files.list(DIST)) {
            List<String> archives = files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".archive"))
                    .map(name -> name.replaceFirst("-.*", ""))
                    .sorted()
                    .toList();
            assertThat(archives).containsExactly("classes", "tools");
        }
    }

    @Test
    void unpackedWhereItCannotBeWrittenToolsMakeTheirArchiveInTheCacheOnce() throws Exception {
        Unpacked unpacked = Unpacked.into(folder);
        try (EmbeddedBroker broker = EmbeddedBroker.start()) {
            List<String> before = unpacked.files();
            assertThat(before).contains("completion/odradek.bash").contains("bin/odradek");
            for (Tools.Entry tool : Tools.all()) {
                assertThat(before).contains("bin/" + tool.script());
            }
            environment.put("XDG_CACHE_HOME", unpacked.state() + "/cache");
            String[] list = {"--bootstrap-server", broker.bootstrapServers(), "--list"};

            Scripts.Result first = unpacked.run(environment, "broker-topics.sh", list);
            assertThat(first.output()).isEqualTo("Preparing fast tools on this Java (once, some seconds)...\n\n");
            assertThat(first.status()).isZero();
            assertThat(unpacked.run(environment, "broker-topics.sh", list).output())
                    .isEqualTo("\n");

            environment.put("XDG_CACHE_HOME", "/dev/null/nowhere");
            assertThat(unpacked.run(environment, "broker-topics.sh", list).output())
                    .isEqualTo("\n");
            assertThat(unpacked.files()).isEqualTo(before);
        } finally {
            unpacked.release();
        }
    }
}
