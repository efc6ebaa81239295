package io.odradek.server.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.odradek.server.certificates.Identity;
import io.odradek.server.certificates.Issuer;
import io.odradek.server.embedded.EmbeddedBroker;
import io.odradek.server.login.ScramPasswords;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.UnsupportedByAuthenticationException;
import org.apache.kafka.common.security.token.delegation.DelegationToken;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** TLS with the Java client; run with each of its versions. */
@Timeout(180)
class KafkaClientsTlsTest {
    private static final String MODULES = "org.apache.kafka.common.security.";
    private static final Duration VALID = Duration.ofDays(1);
    private static final Issuer ROOT = new Issuer("CN=root", VALID);

    @TempDir
    private static Path folder;

    private static EmbeddedBroker broker;
    private static Path trusted;

    @BeforeAll
    static void start() throws Exception {
        Path keys = folder.resolve("broker.p12");
        trusted = folder.resolve("trusted.p12");
        ROOT.issue("CN=broker", List.of("127.0.0.1", "localhost"), VALID).writeKeyStore(keys, "keys' secret");
        Identity.writeTrustStore(ROOT.certificate(), trusted, "trusted");
        broker = EmbeddedBroker.builder()
                .setting(
                        "listeners",
                        "OPEN://127.0.0.1:0,TLS://127.0.0.1:0,MUTUAL://127.0.0.1:0,GUARDED://127.0.0.1:0,ELSEWHERE://127.0.0.1:0,"
                                + "EXPIRED://127.0.0.1:0")
                .setting(
                        "listener.security.protocol.map",
                        "OPEN:PLAINTEXT,TLS:SSL,MUTUAL:SSL,GUARDED:SASL_SSL,ELSEWHERE:SSL,EXPIRED:SSL")
                .setting("inter.broker.listener.name", "OPEN")
                .setting("message.max.bytes", "20000000")
                .setting("delegation.token.secret.key", "the secret")
                .setting("ssl.keystore.type", "PKCS12")
                .setting("ssl.keystore.location", keys.toString())
                .setting("ssl.keystore.password", "keys' secret")
                .setting("listener.name.mutual.ssl.client.auth", "required")
                .setting("listener.name.mutual.ssl.truststore.type", "PEM")
                .setting("listener.name.mutual.ssl.truststore.certificates", Identity.pem(ROOT.certificate()))
                .setting("listener.name.guarded.sasl.enabled.mechanisms", "PLAIN,SCRAM-SHA-256")
                .setting(
                        "listener.name.guarded.plain.sasl.jaas.config",
                        MODULES + "plain.PlainLoginModule required user_alice=\"alice's secret\";")
                .setting("listener.name.elsewhere.ssl.keystore.location", elsewhere("elsewhere.example.org", VALID))
                .setting(
                        "listener.name.expired.ssl.keystore.location",
                        elsewhere("127.0.0.1", Duration.ofHours(2).negated()))
                .start();
        ScramPasswords.set(broker.bootstrapServers("OPEN"), "alice", "alice's secret");
    }

    private static String elsewhere(String host, Duration valid) throws Exception {
        Path keys = folder.resolve(host + valid + ".p12");
        ROOT.issue("CN=" + host, List.of(host), valid).writeKeyStore(keys, "keys' secret");
        return keys.toString();
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    private static Map<String, Object> client(String listener) {
        Map<String, Object> settings = new HashMap<>();
        settings.put("bootstrap.servers", broker.bootstrapServers(listener));
        settings.put("security.protocol", "SSL");
        settings.put("ssl.truststore.type", "PKCS12");
        settings.put("ssl.truststore.location", trusted.toString());
        settings.put("ssl.truststore.password", "trusted");
        settings.put("group.id", "g");
        settings.put("auto.offset.reset", "earliest");
        settings.put("key.serializer", ByteArraySerializer.class.getName());
        settings.put("value.serializer", ByteArraySerializer.class.getName());
        settings.put("key.deserializer", ByteArrayDeserializer.class.getName());
        settings.put("value.deserializer", ByteArrayDeserializer.class.getName());
        settings.put("max.request.size", 20_000_000);
        settings.put("buffer.memory", 64_000_000L);
        return settings;
    }

    private static Map<String, Object> showing(Identity identity, Map<String, Object> client) throws Exception {
        Path keys = folder.resolve("client" + identity.certificate().getSerialNumber() + ".p12");
        identity.writeKeyStore(keys, "mine");
        client.put("ssl.keystore.type", "PKCS12");
        client.put("ssl.keystore.location", keys.toString());
        client.put("ssl.keystore.password", "mine");
        client.put("ssl.key.password", "mine");
        return client;
    }

    private static Object names(Map<String, Object> settings) throws Exception {
        try (Admin admin = Admin.create(settings)) {
            return admin.listTopics().names().get();
        }
    }

    private static void writeAndRead(String topic, Map<String, Object> settings, List<byte[]> values) throws Exception {
        try (Admin admin = Admin.create(settings)) {
            admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1))).all().get();
        }
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(settings)) {
            List<Future<?>> sent = new ArrayList<>();
            for (byte[] value : values) {
                sent.add(producer.send(new ProducerRecord<>(topic, value)));
            }
            for (Future<?> one : sent) {
                one.get();
            }
        }
        settings.put("max.partition.fetch.bytes", 50_000_000);
        settings.put("fetch.max.bytes", 50_000_000);
        settings.put("fetch.min.bytes", 1);
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(settings)) {
            TopicPartition partition = new TopicPartition(topic, 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            int read = 0;
            while (read < values.size()) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
                    assertThat(Arrays.equals(record.value(), values.get(read)))
                            .as("record " + read)
                            .isTrue();
                    read++;
                }
            }
        }
    }

    private static List<byte[]> random(int count, int bytes) {
        Random random = new Random(count);
        List<byte[]> values = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            byte[] value = new byte[bytes];
            random.nextBytes(value);
            values.add(value);
        }
        return values;
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void recordsGoToAndFroInBothVersions(String version) throws Exception {
        Map<String, Object> client = client("TLS");
        client.put("ssl.enabled.protocols", version);
        client.put("ssl.protocol", version);

        writeAndRead("small-" + version, client, random(2_000, 300));
    }

    @Test
    void recordsThatAreLongerThanAChannelHoldsComeWhole() throws Exception {
        writeAndRead("large", client("TLS"), random(2, 9_000_000));
    }

    @Test
    void aClientShowsItsCertificateWhereThatIsRequired() throws Exception {
        writeAndRead(
                "mutual",
                showing(ROOT.issue("CN=alice,OU=users", List.of(), VALID), client("MUTUAL")),
                random(10, 1_000));
    }

    @Test
    void whoHasNoCertificateOrOneOfSomebodyElseIsRefusedWhereOneIsRequired() throws Exception {
        Issuer stranger = new Issuer("CN=root", VALID);
        Identity expired = ROOT.issue("CN=late", List.of(), Duration.ofHours(2).negated());

        assertThatThrownBy(() -> names(client("MUTUAL"))).satisfies(KafkaClientsTlsTest::isOfTls);
        assertThatThrownBy(() -> names(showing(stranger.issue("CN=alice", List.of(), VALID), client("MUTUAL"))))
                .satisfies(KafkaClientsTlsTest::isOfTls);
        assertThatThrownBy(() -> names(showing(expired, client("MUTUAL")))).satisfies(KafkaClientsTlsTest::isOfTls);
    }

    @Test
    void theClientRefusesABrokerWhoseCertificateIsOfAnotherHostOrIsOverOrOfAnotherIssuer() throws Exception {
        Path others = folder.resolve("others.p12");
        Identity.writeTrustStore(new Issuer("CN=root", VALID).certificate(), others, "trusted");
        Map<String, Object> distrusting = client("TLS");
        distrusting.put("ssl.truststore.location", others.toString());

        assertThatThrownBy(() -> names(client("ELSEWHERE"))).satisfies(KafkaClientsTlsTest::isOfTls);
        assertThatThrownBy(() -> names(client("EXPIRED"))).satisfies(KafkaClientsTlsTest::isOfTls);
        assertThatThrownBy(() -> names(distrusting)).satisfies(KafkaClientsTlsTest::isOfTls);
    }

    private static void isOfTls(Throwable thrown) {
        assertThat(thrown).isInstanceOf(ExecutionException.class);
        assertThat(thrown.getCause()).isInstanceOf(SslAuthenticationException.class);
    }

    @Test
    void aBrokerOfAnotherHostIsBelievedByAClientThatDoesNotLook() throws Exception {
        Map<String, Object> client = client("ELSEWHERE");
        client.put("ssl.endpoint.identification.algorithm", "");

        assertThat(names(client)).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"PLAIN", "SCRAM-SHA-256"})
    void oneLogsInThroughTls(String mechanism) throws Exception {
        writeAndRead("guarded-" + mechanism, loggingIn(mechanism, "alice's secret"), random(10, 1_000));

        assertThatThrownBy(() -> names(loggingIn(mechanism, "guessed")))
                .cause()
                .isInstanceOf(SaslAuthenticationException.class);
    }

    @Test
    void whoHasShownACertificateMayHaveATokenAndWhoHasNotMayNot() throws Exception {
        Map<String, Object> alice = showing(ROOT.issue("CN=alice,OU=users", List.of(), VALID), client("MUTUAL"));
        try (Admin admin = Admin.create(alice);
                Admin nobody = Admin.create(client("TLS"))) {
            DelegationToken token =
                    admin.createDelegationToken().delegationToken().get();
            assertThat(token.tokenInfo().ownerAsString()).isEqualTo("User:CN=alice,OU=users");
            assertThatThrownBy(() ->
                            nobody.createDelegationToken().delegationToken().get())
                    .cause()
                    .isInstanceOf(UnsupportedByAuthenticationException.class);

            Map<String, Object> holder = client("GUARDED");
            holder.put("security.protocol", "SASL_SSL");
            holder.put("sasl.mechanism", "SCRAM-SHA-256");
            holder.put(
                    "sasl.jaas.config",
                    MODULES + "scram.ScramLoginModule required tokenauth=\"true\" username=\""
                            + token.tokenInfo().tokenId() + "\" password=\"" + token.hmacAsBase64String() + "\";");
            writeAndRead("held", holder, random(10, 1_000));
        }
    }

    private static Map<String, Object> loggingIn(String mechanism, String password) {
        String module = mechanism.equals("PLAIN") ? "plain.PlainLoginModule" : "scram.ScramLoginModule";
        Map<String, Object> client = client("GUARDED");
        client.put("security.protocol", "SASL_SSL");
        client.put("sasl.mechanism", mechanism);
        client.put(
                "sasl.jaas.config", MODULES + module + " required username=\"alice\" password=\"" + password + "\";");
        return client;
    }
}
