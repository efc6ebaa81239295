package io.odradek.server.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A test moves the clock of its broker, and sees with ordinary clients what time brings. */
@Timeout(120)
class AdvancedClockTest {
    private final EmbeddedBroker broker = EmbeddedBroker.start();
    private final TestClients clients = new TestClients(broker.bootstrapServers());

    @AfterEach
    void close() {
        broker.close();
    }

    private void produce(String topic, String key, String value, Long timestampMs) throws Exception {
        try (KafkaProducer<String, String> producer = clients.producer()) {
            producer.send(new ProducerRecord<>(topic, 0, timestampMs, key, value))
                    .get();
        }
    }

    private List<String> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void recordsStayWhateverTheirTimeIsAndHoweverMuchTimePasses() throws Exception {
        clients.create("history", Map.of());
        produce("history", "k", "of 1970", 0L);
        broker.advance(Duration.ofDays(3_650));

        assertThat(clients.values("history")).containsExactly("of 1970");
    }

    @Test
    void recordsGoAtOnceWithTheirFilesWhenTheirTimeIsOver() throws Exception {
        clients.create("events", Map.of("retention.ms", "3600000"));
        produce("events", "k", "v", null);
        broker.advance(Duration.ofMinutes(50));
        assertThat(clients.bounds("events")).containsExactly(0L, 1L);

        broker.advance(Duration.ofMinutes(20));

        assertThat(clients.bounds("events")).containsExactly(1L, 1L);
        assertThat(files(broker.logFolder().resolve("events-0")))
                .filteredOn(name -> name.endsWith(".log") || name.endsWith(".deleted"))
                .containsExactly("00000000000000000001.log");
    }

    @Test
    void theFolderOfADeletedTopicGoesAfterItsDelay() throws Exception {
        clients.create("orders", Map.of());
        produce("orders", "k", "v", null);
        try (Admin admin = clients.admin()) {
            admin.deleteTopics(List.of("orders")).all().get();
        }
        assertThat(files(broker.logFolder())).anyMatch(name -> name.startsWith("orders-0."));

        broker.advance(Duration.ofSeconds(61));

        assertThat(files(broker.logFolder())).noneMatch(name -> name.startsWith("orders-0"));
    }

    @Test
    void aMemberThatWasSilentForTooLongIsOutAndComesBackByItself() throws Exception {
        clients.create("orders", Map.of());
        produce("orders", "k", "first", null);
        try (KafkaConsumer<String, String> consumer = clients.consumer("group.id", "readers");
                Admin admin = clients.admin()) {
            consumer.subscribe(List.of("orders"));
            awaitValue(consumer, "first");
            consumer.commitSync();
            broker.advance(Duration.ofSeconds(15));
            assertThat(members(admin)).hasSize(1);
            String before = members(admin).get(0).consumerId();

            broker.advance(Duration.ofSeconds(46));

            assertThat(members(admin)).noneMatch(member -> member.consumerId().equals(before));
            await().atMost(TestClients.PATIENCE).until(() -> {
                consumer.poll(Duration.ofMillis(100));
                return members(admin).size() == 1 && !consumer.assignment().isEmpty();
            });
            produce("orders", "k", "second", null);
            awaitValue(consumer, "second");
        }
    }

    private static List<MemberDescription> members(Admin admin) throws Exception {
        return List.copyOf(admin.describeConsumerGroups(List.of("readers"))
                .describedGroups()
                .get("readers")
                .get()
                .members());
    }

    private static void awaitValue(KafkaConsumer<String, String> consumer, String value) {
        await().atMost(TestClients.PATIENCE).until(() -> {
            boolean found = false;
            for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(100))) {
                found |= record.value().equals(value);
            }
            return found;
        });
    }

    @Test
    void aTransactionThatTakesTooLongIsAborted() throws Exception {
        clients.create("orders", Map.of());
        try (KafkaProducer<String, String> producer =
                clients.producer("transactional.id", "shop", "transaction.timeout.ms", "60000")) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>("orders", "k", "never")).get();
            broker.advance(Duration.ofSeconds(50));
            assertThat(clients.values("orders")).isEmpty();
            assertThat(clients.bounds("orders")).containsExactly(0L, 1L);

            broker.advance(Duration.ofSeconds(30));

            assertThat(clients.bounds("orders")).containsExactly(0L, 2L);
            produce("orders", "k", "after", null);
            assertThat(clients.values("orders")).containsExactly("after");
            assertThatThrownBy(producer::commitTransaction)
                    .isInstanceOfAny(ProducerFencedException.class, InvalidTxnStateException.class);
        }
    }

    @Test
    void positionsOfAGroupThatIsGoneExpire() throws Exception {
        clients.create("orders", Map.of());
        produce("orders", "k", "v", null);
        try (KafkaConsumer<String, String> consumer = clients.consumer("group.id", "readers")) {
            consumer.subscribe(List.of("orders"));
            awaitValue(consumer, "v");
            consumer.commitSync();
        }
        try (Admin admin = clients.admin()) {
            broker.advance(Duration.ofDays(6));
            assertThat(admin.listGroups().all().get()).hasSize(1);

            broker.advance(Duration.ofDays(2));

            assertThat(admin.listGroups().all().get()).isEmpty();
        }
    }

    @Test
    void aTombstoneGoesWhenItsTimeIsOver() throws Exception {
        clients.create(
                "table",
                Map.of(
                        "cleanup.policy", "compact",
                        "segment.ms", "1000",
                        "min.cleanable.dirty.ratio", "0.01",
                        "delete.retention.ms", "86400000"));
        change("table", "a", "1");
        change("table", "a", null);
        change("table", "b", "1");
        change("table", "b", "2");
        broker.advance(Duration.ofSeconds(20));
        assertThat(clients.values("table")).containsExactly(null, "1", "2");

        broker.advance(Duration.ofHours(25));
        change("table", "b", "3");
        broker.advance(Duration.ofSeconds(20));

        assertThat(clients.values("table")).containsExactly("2", "3");
    }

    /** Each change is in a segment of its own. */
    private void change(String topic, String key, String value) throws Exception {
        broker.advance(Duration.ofSeconds(2));
        produce(topic, key, value, broker.clock().millis());
    }

    @Test
    void aConnectionOverWhichNothingGoesIsClosed() throws Exception {
        String[] address = broker.bootstrapServers().split(":");
        try (Socket idle = new Socket(address[0], Integer.parseInt(address[1]))) {
            idle.setSoTimeout(60_000);
            clients.create("orders", Map.of());
            broker.advance(Duration.ofMinutes(11));
            assertThat(idle.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void theClockStartsWhereItIsTold() throws Exception {
        Instant start = Instant.parse("2021-02-03T04:05:06Z");
        try (EmbeddedBroker old = EmbeddedBroker.builder().startTime(start).start();
                KafkaConsumer<String, String> consumer =
                        new TestClients(old.bootstrapServers()).consumer("group.id", "readers")) {
            TestClients itsClients = new TestClients(old.bootstrapServers());
            itsClients.create("log", Map.of("message.timestamp.type", "LogAppendTime"));
            old.advance(Duration.ofDays(1));
            try (KafkaProducer<String, String> producer = itsClients.producer()) {
                producer.send(new ProducerRecord<>("log", "k", "v")).get();
            }
            consumer.subscribe(List.of("log"));
            ConsumerRecord<String, String> record = await().atMost(TestClients.PATIENCE)
                    .until(() -> consumer.poll(Duration.ofMillis(100)), polled -> !polled.isEmpty())
                    .iterator()
                    .next();
            assertThat(Instant.ofEpochMilli(record.timestamp()))
                    .isBetween(start.plus(Duration.ofDays(1)), old.clock().instant());
            assertThat(old.clock().instant()).isBefore(start.plus(Duration.ofDays(2)));
        }
    }

    @Test
    void aYearIsASmallMatter() {
        long beganNs = System.nanoTime();
        broker.advance(Duration.ofDays(365));
        long tookMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - beganNs);
        System.out.println("a year took " + tookMs + " ms");
        assertThat(tookMs).isLessThan(30_000);
    }

    @Test
    void aClosedBrokerHasNoTime() {
        broker.close();
        assertThatThrownBy(() -> broker.advance(Duration.ofDays(1)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageEndingWith("is closed");
    }

    @Test
    void timeDoesNotGoBack() {
        assertThatThrownBy(() -> broker.advance(Duration.ofMillis(-1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("A broker's clock goes forward only, not by PT-0.001S");
    }

    @Test
    void whatIsFurtherThanAClockGoesIsRefusedAndTheClockStaysAsItIs() {
        broker.advance(Duration.ofDays(150 * 365));
        Instant before = broker.clock().instant();
        for (Duration tooFar : List.of(Duration.ofDays(100 * 365), Duration.ofSeconds(Long.MAX_VALUE))) {
            assertThatThrownBy(() -> broker.advance(tooFar))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("A clock can be set forward by 73000 days in all");
        }
        assertThat(Duration.between(before, broker.clock().instant())).isBetween(Duration.ZERO, Duration.ofHours(1));
    }
}
