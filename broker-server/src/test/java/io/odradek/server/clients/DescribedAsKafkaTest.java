package io.odradek.server.clients;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.odradek.server.OpenedBroker;
import io.odradek.storage.io.NioLogFileSystem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.DescribeConfigsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * The settings of a broker and a topic, as DescribeConfigs shows them, item by item beside those of Apache Kafka 3.9.2, which are
 * recorded in {@code described-by-kafka-3.9.2.txt}. That Kafka shows what was recorded of it is asked by hand, with {@code
 * -Ddescribed.kafka=true}; {@code -Ddescribed.kafka=record} records it anew.
 */
@Timeout(180)
class DescribedAsKafkaTest {
    private static final String RECORDED = "described-by-kafka-3.9.2.txt";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** What each start is given, under the same names: values of these are the machine's. */
    private static final Set<String> OF_THE_START = Set.of("broker.id", "listeners", "log.dirs");

    /** Kafka has a class of its own as the default. */
    private static final String NOT_COMPARED = "broker principal.builder.class";

    /** Settings of what this broker does not have: KRaft, tiered storage, groups of Kafka 4, and the like. */
    private static final Pattern OF_WHAT_IS_NOT_HERE = Pattern.compile(
            "(remote\\.|alter\\.config\\.policy\\.kraft|controller\\.quorum\\.|controller\\.listener"
                    + "|controller\\.performance|group\\.consumer\\.|group\\.share\\.|share\\.|metadata\\.|telemetry\\.|process\\.roles"
                    + "|initial\\.broker\\.reg|broker\\.heartbeat|broker\\.session|server\\.max\\.startup|unstable\\."
                    + "|zookeeper\\.metadata\\.migration|eligible\\.leader|password\\.encoder\\.|sasl\\.|group\\.coordinator\\."
                    + "|unclean\\.leader\\.election\\.interval|log\\.dir\\.failure|transaction\\.two\\.phase|compression\\.).*");

    /** What this broker takes at its start only, or not at all, though Kafka changes it: it says so. */
    private static final Pattern FIXED_HERE = Pattern.compile("(listeners|advertised\\.listeners|listener\\.security\\."
            + "|metric\\.reporters|num\\.io\\.threads|num\\.network\\.threads|num\\.replica\\.fetchers|principal\\.builder"
            + "|sasl\\.|ssl\\.).*");

    @TempDir
    Path folder;

    @Test
    void aBrokerAndATopicAreDescribedAsKafkaDescribesThem() throws Exception {
        Map<String, String> settings = Map.of(
                "broker.id", "0",
                "listeners", "PLAINTEXT://127.0.0.1:0",
                "log.dirs", folder.resolve("data").toString(),
                "log.segment.bytes", "65536",
                "offsets.topic.replication.factor", "1",
                "offsets.topic.num.partitions", "3");
        SortedMap<String, String> ours;
        try (OpenedBroker broker = OpenedBroker.start(settings, new NioLogFileSystem())) {
            ours = described(broker.bootstrapServers());
        }
        SortedMap<String, String> kafkas = recorded();
        List<String> different = new ArrayList<>();
        Set<String> missing = new TreeSet<>(kafkas.keySet());
        missing.removeAll(ours.keySet());
        missing.removeIf(setting -> OF_WHAT_IS_NOT_HERE
                .matcher(setting.substring(setting.indexOf(' ') + 1))
                .matches());
        kafkas.forEach((setting, shown) -> {
            String own = ours.get(setting);
            if (own != null && !NOT_COMPARED.equals(setting) && !own.equals(expected(setting, shown))) {
                different.add(setting + ": " + own + ", and Kafka has " + shown);
            }
        });
        Set<String> more = new TreeSet<>(ours.keySet());
        more.removeAll(kafkas.keySet());
        more.removeIf(setting -> setting.contains(" odradek."));

        assertThat(different).isEmpty();
        assertThat(missing).isEmpty();
        assertThat(more)
                .containsExactlyInAnyOrder(
                        "broker admin.listeners",
                        "broker advertised.host.name",
                        "broker advertised.port",
                        "broker allow.everyone.if.no.acl.found",
                        "broker group.max.metadata.bytes",
                        "broker group.max.pending.members",
                        "broker host.name",
                        "broker log.flush.policy",
                        "broker log.initial.task.delay.ms",
                        "broker max.producer.ids.per.partition",
                        "broker port",
                        "broker producer.id.expiration.check.interval.ms",
                        "broker super.users");
    }

    private static String expected(String setting, String shown) {
        String name = setting.substring(setting.indexOf(' ') + 1);
        return setting.startsWith("broker ") && FIXED_HERE.matcher(name).matches()
                ? shown.replace("|rw|", "|ro|")
                : shown;
    }

    @Test
    @EnabledIfSystemProperty(named = "described.kafka", matches = "true|record")
    void kafkaShowsWhatWasRecordedOfIt() throws Exception {
        Peer peer = new Peer("3.9.2", folder.resolve("peer"));
        SortedMap<String, String> shown;
        try (RunningKafka kafka = RunningKafka.start(peer, folder, folder.resolve("kafka"))) {
            shown = described(kafka.bootstrapServers());
        }
        if (System.getProperty("described.kafka").equals("record")) {
            List<String> lines = new ArrayList<>();
            shown.forEach((setting, of) -> lines.add(setting + " " + of));
            Files.write(Path.of("src/test/resources/io/odradek/server/clients").resolve(RECORDED), lines);
        } else {
            assertThat(shown).isEqualTo(recorded());
        }
    }

    private static SortedMap<String, String> recorded() throws IOException {
        SortedMap<String, String> recorded = new TreeMap<>();
        try (InputStream in = DescribedAsKafkaTest.class.getResourceAsStream(RECORDED)) {
            for (String line : new String(in.readAllBytes(), UTF_8).lines().toList()) {
                int end = line.indexOf(' ', line.indexOf(' ') + 1);
                recorded.put(line.substring(0, end), line.substring(end + 1));
            }
        }
        return recorded;
    }

    /** {@return value, source, type, whether it may change, whether it is hidden and synonyms, by whose and which setting} */
    private static SortedMap<String, String> described(String servers) throws Exception {
        SortedMap<String, String> described = new TreeMap<>();
        try (Admin admin = Admin.create(Map.<String, Object>of("bootstrap.servers", servers))) {
            await().atMost(PATIENCE)
                    .until(() -> !admin.describeCluster().nodes().get().isEmpty());
            admin.createTopics(List.of(new NewTopic("t", 1, (short) 1))).all().get();
            ConfigResource broker = new ConfigResource(ConfigResource.Type.BROKER, "0");
            ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, "t");
            DescribeConfigsOptions all =
                    new DescribeConfigsOptions().includeSynonyms(true).includeDocumentation(true);
            var configs =
                    admin.describeConfigs(List.of(broker, topic), all).all().get();
            configs.get(broker)
                    .entries()
                    .forEach(entry -> described.put("broker " + entry.name(), shown("broker", entry)));
            configs.get(topic)
                    .entries()
                    .forEach(entry -> described.put("topic " + entry.name(), shown("topic", entry)));
        }
        // Kafka shows broker.id as node.id too, and cannot be without ZooKeeper.
        described.keySet().removeAll(Set.of("broker node.id", "broker zookeeper.connect"));
        return described;
    }

    private static String shown(String whose, ConfigEntry entry) {
        assertThat(entry.documentation()).as(entry.name()).isNotBlank();
        List<String> synonyms = new ArrayList<>();
        for (ConfigEntry.ConfigSynonym synonym : entry.synonyms()) {
            synonyms.add(synonym.name() + "=" + synonym.value() + "@" + synonym.source());
        }
        boolean ofTheStart = whose.equals("broker") && OF_THE_START.contains(entry.name());
        return (ofTheStart ? "" : entry.value())
                + "|" + entry.source()
                + "|" + entry.type()
                + "|" + (entry.isReadOnly() ? "ro" : "rw")
                + "|" + (entry.isSensitive() ? "hidden" : "shown")
                + "|" + (ofTheStart ? "" : String.join(" ", synonyms));
    }
}
