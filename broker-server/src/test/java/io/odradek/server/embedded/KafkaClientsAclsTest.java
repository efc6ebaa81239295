package io.odradek.server.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.SecurityDisabledException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real clients of a broker with an authorizer and nothing else: nobody says who it is, and entries tell them by their hosts. */
@Timeout(120)
class KafkaClientsAclsTest {
    private static final String AUTHORIZER = "kafka.security.authorizer.AclAuthorizer";

    @TempDir
    Path folder;

    private EmbeddedBroker start(String superUsers) {
        return EmbeddedBroker.builder()
                .logFolder(folder)
                .setting("authorizer.class.name", AUTHORIZER)
                .setting("super.users", superUsers)
                .start();
    }

    private static void allow(Admin admin, ResourceType type, String name, AclOperation operation, String host)
            throws Exception {
        AclBinding binding = new AclBinding(
                new ResourcePattern(type, name, PatternType.LITERAL),
                new AccessControlEntry("User:ANONYMOUS", host, operation, AclPermissionType.ALLOW));
        admin.createAcls(List.of(binding)).all().get();
        assertThat(admin.describeAcls(binding.toFilter()).values().get()).containsExactly(binding);
    }

    @Test
    void clientsMayWhatEntriesAllowThemAndKnowWhatTheyMayNot() throws Exception {
        try (EmbeddedBroker broker = start("User:ANONYMOUS")) {
            TestClients clients = new TestClients(broker.bootstrapServers());
            clients.create("t", Map.of());
            try (Admin admin = clients.admin()) {
                allow(admin, ResourceType.CLUSTER, "kafka-cluster", AclOperation.ALTER, "*");
            }
        }
        try (EmbeddedBroker broker = start("")) {
            TestClients clients = new TestClients(broker.bootstrapServers());
            try (Admin admin = clients.admin()) {
                assertThat(admin.listTopics().names().get()).isEmpty();
                refused(
                        () -> admin.createTopics(List.of(new NewTopic("new", 1, (short) 1)))
                                .all()
                                .get(),
                        TopicAuthorizationException.class);
                produce(clients, admin);
                consume(clients, admin);
                writeInTransaction(clients, admin);
                assertThat(admin.deleteAcls(List.of(AclBindingFilter.ANY)).all().get())
                        .hasSizeGreaterThan(4);
                refused(
                        () -> admin.describeAcls(AclBindingFilter.ANY).values().get(),
                        ClusterAuthorizationException.class);
            }
        }
    }

    private interface Action {
        void run() throws Exception;
    }

    private static void refused(Action action, Class<? extends Exception> refusal) {
        assertThatThrownBy(action::run).isInstanceOf(ExecutionException.class).hasCauseInstanceOf(refusal);
    }

    private static void produce(TestClients clients, Admin admin) throws Exception {
        try (KafkaProducer<String, String> producer = clients.producer("enable.idempotence", "false")) {
            ProducerRecord<String, String> sent = new ProducerRecord<>("t", "k", "v");
            refused(() -> producer.send(sent).get(), TopicAuthorizationException.class);
            allow(admin, ResourceType.TOPIC, "t", AclOperation.WRITE, "10.9.9.9");
            refused(() -> producer.send(sent).get(), TopicAuthorizationException.class);
            allow(admin, ResourceType.TOPIC, "t", AclOperation.WRITE, "127.0.0.1");
            producer.send(sent).get();
        }
        try (KafkaProducer<String, String> producer = clients.producer("enable.idempotence", "true", "acks", "all")) {
            producer.send(new ProducerRecord<>("t", "k", "v")).get();
        }
    }

    private static void consume(TestClients clients, Admin admin) throws Exception {
        try (KafkaConsumer<String, String> consumer = clients.consumer("group.id", "g")) {
            consumer.subscribe(Set.of("t"));
            assertThatThrownBy(() -> poll(consumer)).isInstanceOf(GroupAuthorizationException.class);
            allow(admin, ResourceType.GROUP, "g", AclOperation.READ, "*");
        }
        try (KafkaConsumer<String, String> consumer = clients.consumer("group.id", "g")) {
            consumer.subscribe(Set.of("t"));
            assertThatThrownBy(() -> poll(consumer))
                    .isInstanceOfSatisfying(
                            TopicAuthorizationException.class,
                            refused -> assertThat(refused.unauthorizedTopics()).containsExactly("t"));
            allow(admin, ResourceType.TOPIC, "t", AclOperation.READ, "*");
            assertThat(poll(consumer)).isEqualTo(2);
            consumer.commitSync();
        }
    }

    private static int poll(KafkaConsumer<String, String> consumer) {
        long until = System.nanoTime() + TestClients.PATIENCE.toNanos();
        int records = 0;
        while (records < 2 && System.nanoTime() < until) {
            records += consumer.poll(Duration.ofMillis(200)).count();
        }
        return records;
    }

    private static void writeInTransaction(TestClients clients, Admin admin) throws Exception {
        try (KafkaProducer<String, String> producer = clients.producer("transactional.id", "x")) {
            assertThatThrownBy(producer::initTransactions).isInstanceOf(TransactionalIdAuthorizationException.class);
            allow(admin, ResourceType.TRANSACTIONAL_ID, "x", AclOperation.WRITE, "*");
        }
        try (KafkaProducer<String, String> producer = clients.producer("transactional.id", "x")) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>("t", "k", "v"));
            producer.commitTransaction();
        }
    }

    @Test
    void aBrokerWithoutAnAuthorizerSaysSo() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start();
                Admin admin = new TestClients(broker.bootstrapServers()).admin()) {
            refused(() -> admin.describeAcls(AclBindingFilter.ANY).values().get(), SecurityDisabledException.class);
            refused(() -> admin.deleteAcls(List.of(AclBindingFilter.ANY)).all().get(), SecurityDisabledException.class);
        }
    }
}
