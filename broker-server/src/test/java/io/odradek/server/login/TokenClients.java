package io.odradek.server.login;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.CreateDelegationTokenOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.common.security.token.delegation.DelegationToken;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Clients that log in with a password, or with a delegation token. */
public final class TokenClients {
    private static final String MODULE = "org.apache.kafka.common.security.scram.ScramLoginModule required";

    private TokenClients() {}

    /** {@return the settings of a client that logs in with a password} */
    public static Map<String, Object> withPassword(String servers, String mechanism, String user, String password) {
        return settings(servers, mechanism, MODULE + " username=\"" + user + "\" password=\"" + password + "\";");
    }

    /** {@return the settings of a client that logs in with a token} */
    public static Map<String, Object> withToken(String servers, String mechanism, DelegationToken token) {
        return withToken(servers, mechanism, token.tokenInfo().tokenId(), token.hmacAsBase64String());
    }

    public static Map<String, Object> withToken(String servers, String mechanism, String id, String hmac) {
        return settings(
                servers, mechanism, MODULE + " username=\"" + id + "\" password=\"" + hmac + "\" tokenauth=\"true\";");
    }

    private static Map<String, Object> settings(String servers, String mechanism, String module) {
        Map<String, Object> settings = new HashMap<>();
        settings.put("bootstrap.servers", servers);
        settings.put("security.protocol", "SASL_PLAINTEXT");
        settings.put("sasl.mechanism", mechanism);
        settings.put("sasl.jaas.config", module);
        settings.put("group.id", "g");
        settings.put("auto.offset.reset", "earliest");
        settings.put("key.serializer", StringSerializer.class.getName());
        settings.put("value.serializer", StringSerializer.class.getName());
        settings.put("key.deserializer", StringDeserializer.class.getName());
        settings.put("value.deserializer", StringDeserializer.class.getName());
        return settings;
    }

    /** {@return a token that somebody has made} */
    public static DelegationToken create(Map<String, Object> settings, String... renewers) throws Exception {
        List<KafkaPrincipal> principals = new ArrayList<>();
        for (String renewer : renewers) {
            principals.add(new KafkaPrincipal(KafkaPrincipal.USER_TYPE, renewer));
        }
        try (Admin admin = Admin.create(settings)) {
            return admin.createDelegationToken(new CreateDelegationTokenOptions().renewers(principals))
                    .delegationToken()
                    .get();
        }
    }

    /** {@return why somebody cannot log in, null if it can} */
    public static Throwable refusal(Map<String, Object> settings) throws InterruptedException {
        try (Admin admin = Admin.create(settings)) {
            admin.listTopics().names().get();
            return null;
        } catch (ExecutionException refused) {
            return refused.getCause();
        }
    }

    /** {@return what was read of a topic after a value was written to it} */
    public static List<String> writeAndRead(Map<String, Object> settings, String topic, String value) throws Exception {
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(settings);
                KafkaConsumer<String, String> consumer = new KafkaConsumer<>(settings)) {
            producer.send(new ProducerRecord<>(topic, "k", value)).get();
            consumer.subscribe(List.of(topic));
            List<String> read = new ArrayList<>();
            while (read.isEmpty()) {
                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(100))) {
                    read.add(record.value());
                }
            }
            return read;
        }
    }
}
