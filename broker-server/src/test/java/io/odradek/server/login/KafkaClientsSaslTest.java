package io.odradek.server.login;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.odradek.server.embedded.EmbeddedBroker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.UnsupportedSaslMechanismException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Logins of the Java client by SASL; run with each of its versions. */
@Timeout(120)
class KafkaClientsSaslTest {
    private static final String MODULES = "org.apache.kafka.common.security.";

    private EmbeddedBroker broker;

    @BeforeEach
    void start() throws Exception {
        broker = start(Map.of());
    }

    private static EmbeddedBroker start(Map<String, String> more) throws Exception {
        EmbeddedBroker.Builder builder = EmbeddedBroker.builder()
                .setting("listeners", "OPEN://127.0.0.1:0,GUARDED://127.0.0.1:0")
                .setting("listener.security.protocol.map", "OPEN:PLAINTEXT,GUARDED:SASL_PLAINTEXT")
                .setting("inter.broker.listener.name", "OPEN")
                .setting(
                        "listener.name.guarded.sasl.enabled.mechanisms",
                        "PLAIN,SCRAM-SHA-256,SCRAM-SHA-512,OAUTHBEARER")
                .setting(
                        "listener.name.guarded.plain.sasl.jaas.config",
                        MODULES + "plain.PlainLoginModule required user_alice=\"alice's secret\";")
                .setting(
                        "listener.name.guarded.oauthbearer.sasl.jaas.config",
                        MODULES + "oauthbearer.OAuthBearerLoginModule required;");
        more.forEach(builder::setting);
        EmbeddedBroker started = builder.start();
        ScramPasswords.set(started.bootstrapServers("OPEN"), "alice", "alice's secret");
        return started;
    }

    @AfterEach
    void stop() {
        broker.close();
    }

    private static String module(String mechanism, String user, String password) {
        return switch (mechanism) {
            case "PLAIN" -> credentials("plain.PlainLoginModule", user, password);
            case "OAUTHBEARER" ->
                MODULES + "oauthbearer.OAuthBearerLoginModule required unsecuredLoginStringClaim_sub=\"" + user + "\";";
            default -> credentials("scram.ScramLoginModule", user, password);
        };
    }

    private static String credentials(String module, String user, String password) {
        return MODULES + module + " required username=\"" + user + "\" password=\"" + password + "\";";
    }

    private Map<String, Object> client(String mechanism, String password) {
        Map<String, Object> settings = new HashMap<>();
        settings.put("bootstrap.servers", broker.bootstrapServers("GUARDED"));
        settings.put("security.protocol", "SASL_PLAINTEXT");
        settings.put("sasl.mechanism", mechanism);
        settings.put("sasl.jaas.config", module(mechanism, "alice", password));
        if (mechanism.equals("OAUTHBEARER")) {
            settings.put("sasl.login.callback.handler.class", UnsecuredLogin.class.getName());
        }
        settings.put("group.id", "g");
        settings.put("auto.offset.reset", "earliest");
        settings.put("key.serializer", StringSerializer.class.getName());
        settings.put("value.serializer", StringSerializer.class.getName());
        settings.put("key.deserializer", StringDeserializer.class.getName());
        settings.put("value.deserializer", StringDeserializer.class.getName());
        return settings;
    }

    private List<String> writeAndRead(Map<String, Object> settings) throws Exception {
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(settings);
                KafkaConsumer<String, String> consumer = new KafkaConsumer<>(settings)) {
            producer.send(new ProducerRecord<>("t", "k", "written")).get();
            consumer.subscribe(List.of("t"));
            List<String> read = new ArrayList<>();
            while (read.isEmpty()) {
                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(100))) {
                    read.add(record.value());
                }
            }
            return read;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512", "OAUTHBEARER"})
    void whoHasLoggedInWritesAndReads(String mechanism) throws Exception {
        assertThat(writeAndRead(client(mechanism, "alice's secret"))).containsExactly("written");
    }

    @ParameterizedTest
    @ValueSource(strings = {"PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"})
    void aWrongPasswordIsToldInKafkasWords(String mechanism) {
        String expected = mechanism.equals("PLAIN")
                ? "Authentication failed: Invalid username or password"
                : "Authentication failed during authentication due to invalid credentials with SASL mechanism "
                        + mechanism;

        assertThatThrownBy(() -> names(client(mechanism, "guessed")))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOf(SaslAuthenticationException.class)
                .hasMessage(expected);
    }

    @Test
    void aMechanismThatTheListenerDoesNotHaveIsRefusedWithThoseThatItHas() throws Exception {
        broker.close();
        broker = start(Map.of("listener.name.guarded.sasl.enabled.mechanisms", "PLAIN"));

        assertThatThrownBy(() -> names(client("SCRAM-SHA-256", "alice's secret")))
                .cause()
                .isInstanceOf(UnsupportedSaslMechanismException.class)
                .hasMessageContaining("PLAIN");
    }

    @Test
    void aLoginThatDoesNotLastIsMadeAgainOverTheSameConnection() throws Exception {
        broker.close();
        broker = start(Map.of("listener.name.guarded.connections.max.reauth.ms", "1500"));

        try (Admin admin = Admin.create(client("SCRAM-SHA-256", "alice's secret"))) {
            admin.createTopics(List.of(new NewTopic("u", 1, (short) 1))).all().get();
            while (metric(admin, "successful-reauthentication-total") == 0) {
                assertThat(admin.listTopics().names().get()).contains("u");
            }
            assertThat(admin.listTopics().names().get()).contains("u");
        }
    }

    private static double metric(Admin admin, String name) {
        return admin.metrics().entrySet().stream()
                .filter(entry -> entry.getKey().name().equals(name)
                        && entry.getKey().group().equals("admin-client-metrics"))
                .mapToDouble(entry -> ((Number) entry.getValue().metricValue()).doubleValue())
                .sum();
    }

    private static Object names(Map<String, Object> settings) throws Exception {
        try (Admin admin = Admin.create(settings)) {
            return admin.listTopics().names().get();
        }
    }
}
