package io.odradek.server.embedded;

import static io.odradek.server.embedded.Acl.Operation.DESCRIBE;
import static io.odradek.server.embedded.Acl.Operation.READ;
import static io.odradek.server.embedded.Acl.Operation.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Brokers that are guarded by a line of their builder, and clients with what they hand out; run with each version of those. */
@Timeout(120)
class KafkaClientsGuardedTest {
    private static final String PASSWORD = "alice's \"own\" pass\\word";

    private static EmbeddedBroker.Builder broker() {
        return EmbeddedBroker.builder().topic("orders");
    }

    private static List<String> writeAndRead(Map<String, Object> client, String group) throws Exception {
        write(client);
        return read(client, group);
    }

    /** Not idempotently, for which one would need leave first. */
    private static void write(Map<String, Object> client) throws Exception {
        client.put("enable.idempotence", "false");
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(client, new StringSerializer(), new StringSerializer())) {
            producer.send(new ProducerRecord<>("orders", "two apples")).get();
        }
    }

    private static List<String> read(Map<String, Object> client, String group) {
        client.put("group.id", group);
        client.put("auto.offset.reset", "earliest");
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(client, new StringDeserializer(), new StringDeserializer())) {
            consumer.subscribe(List.of("orders"));
            List<String> values = new ArrayList<>();
            while (values.isEmpty()) {
                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(100))) {
                    values.add(record.value());
                }
            }
            consumer.commitSync();
            return values;
        }
    }

    private static Object names(Map<String, Object> client) throws Exception {
        try (Admin admin = Admin.create(client)) {
            return admin.listTopics().names().get();
        }
    }

    @Test
    void tlsTakesALine() throws Exception {
        try (EmbeddedBroker broker = broker().tls().start()) {
            assertThat(writeAndRead(broker.clientProperties(), "g")).containsExactly("two apples");
            assertThat(broker.clientProperties()).containsEntry("security.protocol", "SSL");
            assertThatThrownBy(() -> broker.clientProperties("alice")).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void clientsShowCertificatesWhereTheyHaveTo() throws Exception {
        try (EmbeddedBroker broker = broker().mutualTls().start()) {
            assertThat(writeAndRead(broker.clientProperties(), "g")).containsExactly("two apples");
            Map<String, Object> showsNone = broker.clientProperties();
            showsNone.keySet().removeIf(name -> name.startsWith("ssl.key"));
            assertThatThrownBy(() -> names(showsNone)).hasCauseInstanceOf(SslAuthenticationException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"})
    void aUserTakesALine(String mechanism) throws Exception {
        try (EmbeddedBroker broker = broker().sasl(mechanism, "alice@example.org", PASSWORD)
                .sasl(mechanism, "bob", "other")
                .start()) {
            assertThat(broker.clientProperties()).isEqualTo(broker.clientProperties("alice@example.org"));
            assertThat(writeAndRead(broker.clientProperties(), "g")).containsExactly("two apples");
            assertThat(read(broker.clientProperties("bob"), "b")).containsExactly("two apples");
            Map<String, Object> guessing = broker.clientProperties("bob");
            guessing.compute(
                    "sasl.jaas.config", (name, module) -> module.toString().replace("other", "guessed"));
            assertThatThrownBy(() -> names(guessing)).hasCauseInstanceOf(SaslAuthenticationException.class);
        }
    }

    /** Tokens are for all times, so that they are good for a broker with any clock. */
    @Test
    void tokensThatNobodySignsTakeALine() throws Exception {
        Instant longAgo = Instant.parse("1999-12-31T23:00:00Z");
        try (EmbeddedBroker broker =
                broker().sasl("OAUTHBEARER", "alice").startTime(longAgo).start()) {
            assertThat(writeAndRead(broker.clientProperties(), "g")).containsExactly("two apples");
            broker.advance(Duration.ofDays(20_000));
            assertThat(read(broker.clientProperties("alice"), "h")).containsExactly("two apples");
        }
    }

    @Test
    void whoHasNoLeaveIsRefusedAndTheTestItselfNeedsNone() throws Exception {
        try (EmbeddedBroker broker = broker().tls()
                .sasl("PLAIN", "alice", PASSWORD)
                .sasl("SCRAM-SHA-512", "bob", "other")
                .acls(
                        Acl.allow("alice").to(WRITE).topic("orders"),
                        Acl.allow("*").to(DESCRIBE).cluster())
                .acls(
                        Acl.of("bob may READ topic ord*"),
                        Acl.allow("User:bob").to(READ).group("g"))
                .start()) {
            write(broker.clientProperties("alice"));
            assertThatThrownBy(() -> read(broker.clientProperties("alice"), "g"))
                    .isInstanceOf(GroupAuthorizationException.class);
            assertThat(read(broker.clientProperties("bob"), "g")).containsExactly("two apples");
            assertThatThrownBy(() -> write(broker.clientProperties("bob")))
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(TopicAuthorizationException.class);
            broker.createTopic("invoices");
            broker.produce("invoices", "one");
            assertThat(broker.records("invoices")).hasSize(1);
            assertThat(names(broker.clientProperties("bob"))).isEqualTo(Set.of("orders"));
        }
    }

    @Test
    void certificatesAreUsersOfEntriesToo() throws Exception {
        try (EmbeddedBroker broker = broker().tls()
                .acls(Acl.of("alice may WRITE topic orders"), Acl.of("ANONYMOUS may DESCRIBE topic orders"))
                .start()) {
            write(broker.clientProperties("alice"));
            assertThat(names(broker.clientProperties())).isEqualTo(Set.of("orders"));
            assertThatThrownBy(() -> write(broker.clientProperties()))
                    .hasCauseInstanceOf(TopicAuthorizationException.class);
        }
    }

    @Test
    void aRestartKeepsAllOfIt(@TempDir Path folder) throws Exception {
        EmbeddedBroker.Builder guarded = broker().logFolder(folder)
                .tls()
                .sasl("SCRAM-SHA-256", "alice", PASSWORD)
                .acls(Acl.of("alice may ALL topic *"), Acl.of("alice may READ group *"));
        try (EmbeddedBroker broker = guarded.start()) {
            Map<String, Object> client = broker.clientProperties();
            write(client);
            broker.restart();
            assertThat(read(client, "g")).containsExactly("two apples");
        }
        try (EmbeddedBroker broker = guarded.start()) {
            assertThat(read(broker.clientProperties(), "h")).containsExactly("two apples");
        }
    }

    @Test
    void keysAreGoneWithTheBroker() {
        EmbeddedBroker broker = broker().mutualTls().start();
        Map<String, Object> client = broker.clientProperties("alice");
        Path trusted = Path.of((String) client.get("ssl.truststore.location"));
        assertThat(trusted).exists();

        broker.close();

        assertThat(Files.exists(trusted.getParent())).isFalse();
        assertThatThrownBy(() -> broker.clientProperties("bob")).isInstanceOf(IllegalStateException.class);
    }
}
