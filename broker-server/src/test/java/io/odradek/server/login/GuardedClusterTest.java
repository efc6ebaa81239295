package io.odradek.server.login;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.odradek.server.embedded.EmbeddedCluster;
import io.odradek.server.login.jwt.Signer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Three brokers that log in with each other. */
@Timeout(180)
class GuardedClusterTest {
    private static final String MODULES = "org.apache.kafka.common.security.";
    private static final String PLAIN = MODULES
            + "plain.PlainLoginModule required username=\"broker\" password=\"among brokers\""
            + " user_broker=\"among brokers\" user_alice=\"alice's secret\";";
    private static final String SCRAM =
            MODULES + "scram.ScramLoginModule required username=\"broker\" password=\"among brokers\";";

    private static EmbeddedCluster.Builder cluster() {
        return EmbeddedCluster.builder(3)
                .setting("listeners", "OPEN://127.0.0.1:0,GUARDED://127.0.0.1:0")
                .setting("listener.security.protocol.map", "OPEN:PLAINTEXT,GUARDED:SASL_PLAINTEXT")
                .setting("inter.broker.listener.name", "GUARDED")
                .setting("listener.name.guarded.sasl.enabled.mechanisms", "PLAIN,SCRAM-SHA-512")
                .setting("listener.name.guarded.plain.sasl.jaas.config", PLAIN)
                .setting("listener.name.guarded.scram-sha-512.sasl.jaas.config", SCRAM);
    }

    private static Map<String, Object> client(EmbeddedCluster cluster, String listener) {
        Map<String, Object> settings = new HashMap<>();
        List<String> addresses = new ArrayList<>();
        cluster.up().forEach(id -> addresses.add(cluster.broker(id).bootstrapServers(listener)));
        settings.put("bootstrap.servers", String.join(",", addresses));
        if (listener.equals("GUARDED")) {
            settings.put("security.protocol", "SASL_PLAINTEXT");
            settings.put("sasl.mechanism", "PLAIN");
            settings.put(
                    "sasl.jaas.config",
                    MODULES + "plain.PlainLoginModule required username=\"alice\" password=\"alice's secret\";");
        }
        settings.put("acks", "all");
        settings.put("group.id", "g");
        settings.put("auto.offset.reset", "earliest");
        settings.put("key.serializer", StringSerializer.class.getName());
        settings.put("value.serializer", StringSerializer.class.getName());
        settings.put("key.deserializer", StringDeserializer.class.getName());
        settings.put("value.deserializer", StringDeserializer.class.getName());
        return settings;
    }

    private static void writeOverADeath(EmbeddedCluster cluster, String listener) throws Exception {
        Map<String, Object> settings = client(cluster, listener);
        try (Admin admin = Admin.create(settings)) {
            NewTopic topic = new NewTopic("t", 3, (short) 3).configs(Map.of("min.insync.replicas", "2"));
            admin.createTopics(List.of(topic)).all().get();
        }
        List<String> read = new ArrayList<>();
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(settings);
                KafkaConsumer<String, String> consumer = new KafkaConsumer<>(settings)) {
            consumer.subscribe(List.of("t"));
            for (int i = 0; i < 100; i++) {
                producer.send(new ProducerRecord<>("t", "k" + i, "v" + i)).get();
                if (i == 50) {
                    await().atMost(Duration.ofSeconds(60)).until(() -> readsUpTo(51, consumer, read));
                    cluster.kill(2);
                }
            }
            await().atMost(Duration.ofSeconds(60)).until(() -> readsUpTo(100, consumer, read));
        }
        assertThat(read).doesNotHaveDuplicates().hasSize(100);
    }

    private static boolean readsUpTo(int count, KafkaConsumer<String, String> consumer, List<String> read) {
        for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(100))) {
            read.add(record.value());
        }
        return read.size() >= count;
    }

    @Test
    void recordsAreCopiedAndLeadersChosenOverLoginsThatAreMadeAnewAllTheTime() throws Exception {
        try (EmbeddedCluster cluster = cluster()
                .setting("sasl.mechanism.inter.broker.protocol", "PLAIN")
                .setting("listener.name.guarded.plain.connections.max.reauth.ms", "2000")
                .start()) {
            writeOverADeath(cluster, "GUARDED");
        }
    }

    @Test
    void brokersMayBeUsersOfScramOnceTheTreeKnowsThem(@TempDir Path folder) throws Exception {
        try (EmbeddedCluster cluster = cluster()
                .folder(folder)
                .setting("sasl.mechanism.inter.broker.protocol", "PLAIN")
                .start()) {
            ScramPasswords.set(cluster.broker(1).bootstrapServers("OPEN"), "broker", "among brokers");
        }
        try (EmbeddedCluster cluster = cluster()
                .folder(folder)
                .setting("sasl.mechanism.inter.broker.protocol", "SCRAM-SHA-512")
                .start()) {
            writeOverADeath(cluster, "OPEN");
        }
    }

    @Test
    void brokersMayShowTokensThatAreGivenOutToThemForAWhile(@TempDir Path folder) throws Exception {
        Signer issuer = new Signer("key");
        Path keys = Files.writeString(folder.resolve("keys.json"), Signer.publicKeys(issuer));
        AtomicInteger given = new AtomicInteger();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/token", exchange -> {
            given.incrementAndGet();
            Map<String, Object> claims = Signer.claims("broker");
            claims.put("exp", System.currentTimeMillis() / 1000 + 4);
            byte[] answer = ("{\"access_token\":\"" + issuer.sign(claims) + "\"}").getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        server.start();
        String prefix = "listener.name.guarded.oauthbearer.sasl.";
        try (EmbeddedCluster cluster = cluster()
                .setting("sasl.mechanism.inter.broker.protocol", "OAUTHBEARER")
                .setting("listener.name.guarded.sasl.enabled.mechanisms", "OAUTHBEARER")
                .setting(
                        prefix + "jaas.config",
                        MODULES + "oauthbearer.OAuthBearerLoginModule required clientId=\"b\" clientSecret=\"s\";")
                .setting(
                        prefix + "login.callback.handler.class",
                        MODULES + "oauthbearer.secured.OAuthBearerLoginCallbackHandler")
                .setting(
                        prefix + "oauthbearer.token.endpoint.url",
                        "http://127.0.0.1:" + server.getAddress().getPort() + "/token")
                .setting(prefix + "oauthbearer.jwks.endpoint.url", keys.toUri().toString())
                .setting("sasl.oauthbearer.expected.audience", "brokers")
                .setting("sasl.oauthbearer.expected.issuer", "https://issuer")
                .setting("sasl.oauthbearer.clock.skew.seconds", "0")
                .start()) {
            writeOverADeath(cluster, "OPEN");
            await().atMost(Duration.ofSeconds(60)).until(() -> given.get() > 6);
            try (Admin admin = Admin.create(client(cluster, "OPEN"))) {
                admin.createTopics(List.of(new NewTopic("u", 1, (short) 2)))
                        .all()
                        .get();
            }
        } finally {
            server.stop(0);
        }
    }
}
