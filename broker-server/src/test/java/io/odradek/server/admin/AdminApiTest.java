package io.odradek.server.admin;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.odradek.core.coordination.json.JsonObject;
import io.odradek.core.coordination.json.JsonReader;
import io.odradek.server.env.SystemClock;
import io.odradek.server.inspect.InspectionException;
import io.odradek.server.inspect.Inspector;
import io.odradek.server.inspect.Questions;
import io.odradek.server.lag.Lags;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdminApiTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private static Path folder;

    private static WatchedBroker broker;
    private static Clients clients;

    @BeforeAll
    static void start() throws Exception {
        broker = WatchedBroker.start(folder, Map.of("log.retention.ms", "-1"));
        clients = new Clients(broker);
    }

    @AfterAll
    static void stop() throws Exception {
        broker.close();
    }

    @Test
    void itSaysWhatThereIs() throws Exception {
        JsonObject index = broker.api("");
        assertThat(index.intAt("version")).isEqualTo(1);
        assertThat(index.intAt("broker")).isZero();
        for (String path : index.stringsAt("paths")) {
            if (!path.contains("NAME") && !path.contains("ID")) {
                assertThat(broker.get(path).statusCode()).as(path).isEqualTo(200);
            }
        }
        for (String other : List.of("/api/x", "/api/topics/t/x", "/api/brokers/0", "/api/topics/t", "/api/groups/g")) {
            HttpResponse<String> answer = broker.get(other);
            assertThat(answer.statusCode()).as(other).isEqualTo(404);
            assertThat(answer.body()).startsWith("{\"error\":\"");
        }
    }

    @Test
    void topicsAreToldByNameAPageAtATime() throws Exception {
        for (String name : List.of("page-c", "page-a", "page-b")) {
            clients.create(name, 2, Map.of("retention.ms", "77000"));
        }
        clients.send("page-a", 1, 1_000, "k", "value");

        JsonObject first = broker.api("/topics?match=PAGE-&limit=2");
        assertThat(first.objectsAt("topics"))
                .extracting(topic -> topic.stringAt("name"))
                .containsExactly("page-a", "page-b");
        assertThat(first.intAt("total")).isEqualTo(3);
        assertThat(first.stringAt("next")).isEqualTo("page-b");
        JsonObject topic = first.objectsAt("topics").get(0);
        assertThat(topic.intAt("partitions")).isEqualTo(2);
        assertThat(topic.intAt("offsets")).isEqualTo(1);
        assertThat(topic.intAt("sizeBytes")).isPositive();
        assertThat(topic.objectAt("settings").stringAt("retention.ms")).isEqualTo("77000");

        JsonObject second = broker.api("/topics?match=page-&limit=2&after=page-b");
        assertThat(second.objectsAt("topics"))
                .extracting(next -> next.stringAt("name"))
                .containsExactly("page-c");
        assertThat(second.has("next")).isFalse();
        assertThat(broker.api("/topics?match=E-C").intAt("total")).isEqualTo(1);
        assertThat(broker.get("/api/topics?limit=0").body())
                .isEqualTo("{\"error\":\"limit is a number from 1 to 1000\"}\n");
    }

    @Test
    void aTopicIsToldWithItsPartitionsAndSettings() throws Exception {
        clients.create("told", 3, Map.of("cleanup.policy", "compact"));
        clients.send("told", 2, 1_000, "k", "value");

        JsonObject topic = broker.api("/topics/told?limit=1&after=1");
        assertThat(topic.intAt("partitionCount")).isEqualTo(3);
        JsonObject partition = topic.objectsAt("partitions").get(0);
        assertThat(partition.intAt("partition")).isEqualTo(2);
        assertThat(partition.intsAt("isr")).containsExactly(0);
        assertThat(List.of(partition.intAt("start"), partition.intAt("stable"), partition.intAt("end")))
                .containsExactly(0, 1, 1);
        assertThat(topic.objectsAt("settings"))
                .extracting(setting -> setting.stringAt("name"), setting -> setting.stringAt("source"))
                .contains(
                        tuple("cleanup.policy", "topic"),
                        tuple("retention.bytes", "default"),
                        tuple("retention.ms", "broker"));
    }

    @Test
    void theLastRecordsComeFirstAndThoseFromAnOffsetInTheirOrder() throws Exception {
        clients.create("last", 2, Map.of());
        for (int i = 0; i < 5; i++) {
            clients.send("last", i % 2, 1_000 + i, "k" + i, "v" + i, "h", "x");
        }

        assertThat(values(broker.api("/topics/last/records?limit=3"))).containsExactly("v4", "v3", "v2");
        assertThat(values(broker.api("/topics/last/records?partition=0"))).containsExactly("v4", "v2", "v0");
        JsonObject page = broker.api("/topics/last/records?partition=0&offset=1&limit=1");
        assertThat(values(page)).containsExactly("v2");
        assertThat(List.of(page.intAt("start"), page.intAt("previous"), page.intAt("next"), page.intAt("end")))
                .containsExactly(0, 0, 2, 3);
        JsonObject record = page.objectsAt("records").get(0);
        assertThat(record.longAt("timestamp")).isEqualTo(1_002);
        assertThat(record.objectAt("key").stringAt("text")).isEqualTo("k2");
        assertThat(record.objectsAt("headers").get(0).objectAt("value").stringAt("text"))
                .isEqualTo("x");
        assertThat(values(broker.api("/topics/last/records?partition=0&offset=99")))
                .isEmpty();
        assertThat(broker.get("/api/topics/last/records?partition=2").statusCode())
                .isEqualTo(404);
        assertThat(broker.get("/api/topics/last/records?partition=x").statusCode())
                .isEqualTo(400);
    }

    @Test
    void aRecordThatIsTooLargeToBeLookedAtIsToldOfAndTheOthersAreShown() throws Exception {
        clients.create("heavy", 1, Map.of("max.message.bytes", "1000000"));
        clients.send("heavy", 0, 1_000, "before", "small");
        try (KafkaProducer<String, String> producer =
                clients.producer(Map.of("compression.type", "gzip", "max.request.size", "10000000"))) {
            producer.send(new ProducerRecord<>("heavy", "light", "x".repeat(5_000_000)))
                    .get(60, SECONDS);
        }
        clients.send("heavy", 0, 2_000, "after", "small");
        Questions questions = new Questions(broker.broker().cluster(), PATIENCE);
        Inspector small = new Inspector(questions, 1_000_000);
        SystemClock clock = new SystemClock();
        Look look = new Look(broker.broker(), clock, small, new Lags(small), new GrowthRates(clock));

        Answer answer = new RecordsApi(look).list(AdminRequest.of("/api/topics/heavy/records"));

        List<JsonObject> records = JsonReader.readObject(answer.body()).objectsAt("records");
        assertThat(records).extracting(record -> record.longAt("offset")).containsExactlyInAnyOrder(0L, 1L, 2L);
        JsonObject heavy = records.stream()
                .filter(record -> record.longAt("offset") == 1)
                .findFirst()
                .orElseThrow();
        assertThat(heavy.has("value")).isFalse();
        assertThat(heavy.objectAt("tooLarge").intAt("keyBytes")).isEqualTo(5);
        assertThat(heavy.objectAt("tooLarge").intAt("valueBytes")).isEqualTo(5_000_000);
        assertThatThrownBy(() -> small.records("heavy"))
                .isInstanceOf(InspectionException.class)
                .hasMessageStartingWith("The record at offset 1 of heavy-0 is too large to be looked at");
        assertThat(broker.api("/topics/heavy/records").objectsAt("records"))
                .allSatisfy(record -> assertThat(record.has("tooLarge")).isFalse());
    }

    @Test
    void onlySomePartitionsAreReadAtOnceAndThatIsSaid() throws Exception {
        clients.create("wide", 40, Map.of());
        clients.create("narrow", 2, Map.of());

        JsonObject wide = broker.api("/topics/wide/records");
        assertThat(List.of(wide.intAt("partitionsRead"), wide.intAt("partitionCount")))
                .containsExactly(32, 40);
        JsonObject narrow = broker.api("/topics/narrow/records");
        assertThat(List.of(narrow.intAt("partitionsRead"), narrow.intAt("partitionCount")))
                .containsExactly(2, 2);
    }

    @Test
    void theLastRecordsAreTheLastOnesWhereOnlySomeOfThemMayBeRead() throws Exception {
        clients.create("large", 40, Map.of());
        for (int i = 0; i < 5; i++) {
            clients.send("large", 0, 1_000 + i, "k" + i, "x".repeat(900_000));
        }
        clients.send("large", 0, 2_000, "last", "small");

        assertThat(keys(broker.api("/topics/large/records?partition=0")))
                .first()
                .isEqualTo("last");
        assertThat(keys(broker.api("/topics/large/records"))).first().isEqualTo("last");
        assertThat(keys(broker.api("/topics/large/records?partition=0&limit=3")))
                .containsExactly("last", "k4", "k3");
    }

    @Test
    void whatIsNoTextIsHexAndWhatIsLongIsCut() throws Exception {
        clients.create("text", 1, Map.of());
        clients.send("text", 0, 1, null, "a\u0000b");
        clients.send("text", 0, 2, "<b>\"\u20ac\ud83d\ude00", "\u20ac".repeat(10_000));

        List<JsonObject> records = broker.api("/topics/text/records?bytes=10").objectsAt("records");
        assertThat(records.get(1).has("key")).isFalse();
        assertThat(records.get(1).objectAt("value").stringAt("hex")).isEqualTo("610062");
        assertThat(records.get(0).objectAt("key").stringAt("text"))
                .isEqualTo("<b>\"\u20ac\ud83d\ude00".substring(0, 5));
        assertThat(records.get(0).objectAt("value").stringAt("text")).isEqualTo("\u20ac".repeat(3));
        assertThat(records.get(0).objectAt("value").intAt("bytes")).isEqualTo(30_000);
        JsonObject hex = broker.api("/topics/text/records?as=hex&bytes=2")
                .objectsAt("records")
                .get(0);
        assertThat(hex.objectAt("value").stringAt("hex")).isEqualTo("e282");
        assertThat(broker.get("/api/topics/text/records").body()).doesNotContain("<b>");
    }

    @Test
    void transactionsAreToldFromWhatWasWrittenInNone() throws Exception {
        clients.create("transactions", 1, Map.of());
        try (KafkaProducer<String, String> producer = clients.producer(Map.of("transactional.id", "x"))) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>("transactions", "a")).get(60, SECONDS);
            producer.abortTransaction();
        }
        clients.send("transactions", 0, 1, "k", "plain");

        assertThat(broker.api("/topics/transactions/records?partition=0&offset=0")
                        .objectsAt("records"))
                .extracting(record -> record.stringAt("transaction"))
                .containsExactly("aborted", "abort marker", "none");
    }

    @Test
    void aGroupIsToldWithItsMembersAndItsLagInRecordsAndSeconds() throws Exception {
        clients.create("lagging", 1, Map.of());
        long hourAgoMs = System.currentTimeMillis() - 3_600_000;
        clients.send("lagging", 0, 1_000, "k", "read");
        clients.send("lagging", 0, hourAgoMs, "k", "waits");
        clients.send("lagging", 0, hourAgoMs + 1_800_000, "k", "waits less");

        try (KafkaConsumer<String, String> reader = clients.member("a group/1+1", "lagging", 1)) {
            JsonObject group = broker.api("/groups/a%20group%2F1+1");
            assertThat(group.stringAt("state")).isEqualTo("Stable");
            assertThat(group.intAt("lag")).isEqualTo(2);
            assertThat((Double) group.fields().get("lagSeconds")).isBetween(3_600.0, 3_900.0);
            JsonObject member = group.objectsAt("members").get(0);
            assertThat(member.stringAt("client")).isEqualTo("reader");
            assertThat(member.stringAt("id")).isEqualTo(reader.groupMetadata().memberId());
            assertThat(member.objectsAt("partitions").get(0).stringAt("topic")).isEqualTo("lagging");
            JsonObject position = group.objectsAt("positions").get(0);
            assertThat(List.of(position.intAt("offset"), position.intAt("end"), position.intAt("lag")))
                    .containsExactly(1, 3, 2);
            assertThat(position.stringAt("member")).isEqualTo(member.stringAt("id"));
            JsonObject listed =
                    broker.api("/groups?limit=1").objectsAt("groups").get(0);
            assertThat(listed.stringAt("group")).isEqualTo("a group/1+1");
            assertThat(listed.intAt("members")).isEqualTo(1);
            assertThat(listed.intAt("lag")).isEqualTo(2);
        }
    }

    @Test
    void whoHasNotReadWhatIsGoneWaitsForWhatIsLeft() throws Exception {
        clients.create("shortened", 1, Map.of());
        long hourAgoMs = System.currentTimeMillis() - 3_600_000;
        for (int i = 0; i < 3; i++) {
            clients.send("shortened", 0, hourAgoMs + 600_000 * i, "k", "v" + i);
        }
        try (KafkaConsumer<String, String> reader = clients.member("behind", "shortened", 1)) {
            clients.deleteRecordsBefore("shortened", 0, 2);

            JsonObject group = broker.api("/groups/" + reader.groupMetadata().groupId());
            assertThat(group.intAt("lag")).isEqualTo(2);
            assertThat((Double) group.fields().get("lagSeconds")).isBetween(2_400.0, 2_700.0);
        }
    }

    @Test
    void whoHasReadAllWaitsForNothingThoughTheEndIsAMark() throws Exception {
        clients.create("marked", 1, Map.of());
        try (KafkaProducer<String, String> producer = clients.producer(Map.of("transactional.id", "x"))) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>("marked", 0, 1_000L, "k", "a")).get(60, SECONDS);
            producer.commitTransaction();
        }
        try (KafkaConsumer<String, String> reader = clients.member("marks", "marked", 1)) {
            await().atMost(PATIENCE).untilAsserted(() -> {
                JsonObject group =
                        broker.api("/groups/" + reader.groupMetadata().groupId());
                assertThat(group.fields().get("lagSeconds")).isEqualTo(0.0);
            });
        }
    }

    @Test
    void ratesAreToldToWhoLooksAgain() throws Exception {
        clients.create("growing", 1, Map.of());
        assertThat(broker.api("/topics/growing").has("recordsInPerSecond")).isFalse();
        try (KafkaProducer<String, String> producer = clients.producer(Map.of())) {
            await().atMost(PATIENCE).untilAsserted(() -> {
                producer.send(new ProducerRecord<>("growing", "v")).get(60, SECONDS);
                JsonObject topic = broker.api("/topics/growing");
                assertThat((Double) topic.fields().get("recordsInPerSecond")).isPositive();
                assertThat((Double) topic.fields().get("bytesInPerSecond")).isPositive();
            });
        }
    }

    @Test
    void brokersAreToldWithTheLogFoldersOfThisOne() throws Exception {
        JsonObject answer = broker.api("/brokers");
        assertThat(answer.intAt("controller")).isZero();
        assertThat(answer.objectsAt("brokers").get(0).objectAt("listeners").stringAt("PLAINTEXT"))
                .isEqualTo(broker.bootstrapServers());
        JsonObject logs = answer.objectsAt("logFolders").get(0);
        assertThat(logs.stringAt("path")).isEqualTo(folder.toString());
        assertThat(logs.longAt("totalBytes")).isPositive();
    }

    private static List<String> keys(JsonObject page) throws Exception {
        return page.objectsAt("records").stream()
                .map(record -> record.objectAt("key").stringAt("text"))
                .toList();
    }

    private static List<String> values(JsonObject page) {
        return page.objectsAt("records").stream()
                .map(record -> record.objectAt("value").stringAt("text"))
                .toList();
    }
}
