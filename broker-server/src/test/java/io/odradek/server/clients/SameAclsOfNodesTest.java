package io.odradek.server.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.odradek.server.embedded.EmbeddedBroker;
import io.odradek.server.zookeeper.JaasSections;
import io.odradek.server.zookeeper.OwnZooKeeper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Stat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * With {@code zookeeper.set.acl}, a broker of ours and one of Apache Kafka 3.9.2 that log in to ZooKeeper do the same, and leave the
 * same nodes to others.
 */
@Timeout(300)
@SuppressWarnings("try") // Brokers and logins that are only closed.
class SameAclsOfNodesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final String READABLE = "sasl:broker=31 world:anyone=1";

    @TempDir
    Path folder;

    @Test
    void theSameActionsLeaveTheSameNodesToOthers() throws Exception {
        List<String> settings = List.of("authProvider.1=org.apache.zookeeper.server.auth.SASLAuthenticationProvider");
        String server = JaasSections.ofServer(folder, "broker", "among brokers");
        try (OwnZooKeeper zooKeeper = OwnZooKeeper.start(folder.resolve("zookeeper"), settings, server);
                JaasSections login = JaasSections.here("broker", "among brokers")) {
            assertThat(zooKeeper.serves()).as(zooKeeper.output()).isTrue();
            SortedMap<String, String> ours;
            try (EmbeddedBroker broker = EmbeddedBroker.builder()
                    .logFolder(folder.resolve("ours"))
                    .setting("zookeeper.connect", zooKeeper.connect() + "/of/ours")
                    .setting("zookeeper.set.acl", "true")
                    .setting("authorizer.class.name", "kafka.security.authorizer.AclAuthorizer")
                    .setting("super.users", "User:ANONYMOUS")
                    .setting("broker.id", "7")
                    .setting("delegation.token.secret.key", "anything")
                    .start()) {
                act(broker.bootstrapServers());
                ours = acls(zooKeeper, "/of/ours");
            }
            int port = freePort();
            List<String> kafka = List.of(
                    "zookeeper.connect=" + zooKeeper.connect() + "/of/kafka",
                    "zookeeper.set.acl=true",
                    "authorizer.class.name=kafka.security.authorizer.AclAuthorizer",
                    "super.users=User:ANONYMOUS",
                    "broker.id=7",
                    "delegation.token.secret.key=anything",
                    "listeners=PLAINTEXT://127.0.0.1:" + port,
                    "log.dirs=" + folder.resolve("kafkas"));
            SortedMap<String, String> kafkas;
            Peer peer = new Peer("3.9.2", folder.resolve("peer"));
            List<String> client = List.of(JaasSections.ofClient(folder, "broker", "among brokers"));
            try (KafkaBroker broker = KafkaBroker.start(peer, folder.resolve("kafka"), kafka, client)) {
                act("127.0.0.1:" + port);
                kafkas = acls(zooKeeper, "/of/kafka");
            }
            assertThat(ours).isEqualTo(kafkas);
            assertThat(ours)
                    .containsEntry("", READABLE)
                    .containsEntry("/config/users/alice", "sasl:broker=31")
                    .containsEntry("/config/brokers/7", "sasl:broker=31")
                    .containsEntry("/delegation_token/token_changes", READABLE)
                    .containsEntry("/delegation_token/tokens", "sasl:broker=31")
                    .containsEntry("/consumers", "world:anyone=31");
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static void act(String bootstrap) throws Exception {
        try (Admin admin = Admin.create(Map.<String, Object>of("bootstrap.servers", bootstrap))) {
            await().atMost(PATIENCE)
                    .until(() -> admin.describeCluster().nodes().get().size() == 1);
            admin.createTopics(List.of(new NewTopic("t", 2, (short) 1).configs(Map.of("retention.ms", "1000000"))))
                    .all()
                    .get();
            set(admin, ConfigResource.Type.TOPIC, "t", "retention.ms");
            set(admin, ConfigResource.Type.BROKER, "7", "log.retention.ms");
            set(admin, ConfigResource.Type.BROKER, "", "log.retention.ms");
            admin.alterUserScramCredentials(List.of(new UserScramCredentialUpsertion(
                            "alice", new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_256, 4096), "secret")))
                    .all()
                    .get();
            for (PatternType type : List.of(PatternType.LITERAL, PatternType.PREFIXED)) {
                admin.createAcls(List.of(new AclBinding(
                                new ResourcePattern(ResourceType.TOPIC, "t", type),
                                new AccessControlEntry("User:alice", "*", AclOperation.READ, AclPermissionType.ALLOW))))
                        .all()
                        .get();
            }
        }
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.<String, Object>of("bootstrap.servers", bootstrap, "enable.idempotence", true),
                new StringSerializer(),
                new StringSerializer())) {
            producer.send(new ProducerRecord<>("t", 0, "k", "v")).get();
        }
    }

    private static void set(Admin admin, ConfigResource.Type type, String entity, String name) throws Exception {
        admin.incrementalAlterConfigs(Map.of(
                        new ConfigResource(type, entity),
                        List.of(new AlterConfigOp(new ConfigEntry(name, "5000000"), AlterConfigOp.OpType.SET))))
                .all()
                .get();
    }

    /** {@return who may do what with each node below a cluster's root, as somebody sees who has logged in} */
    private static SortedMap<String, String> acls(OwnZooKeeper zooKeeper, String root) throws Exception {
        SortedMap<String, String> acls = new TreeMap<>();
        try (ZooKeeper client = zooKeeper.observer()) {
            collect(client, root, root, acls);
        }
        return acls;
    }

    private static void collect(ZooKeeper client, String root, String path, SortedMap<String, String> acls)
            throws Exception {
        StringBuilder text = new StringBuilder();
        for (ACL acl : client.getACL(path, new Stat())) {
            text.append(text.isEmpty() ? "" : " ").append(acl.getId().getScheme());
            text.append(':').append(acl.getId().getId()).append('=').append(acl.getPerms());
        }
        acls.put(path.substring(root.length()), text.toString());
        for (String child : client.getChildren(path, false)) {
            collect(client, root, path + "/" + child, acls);
        }
    }
}
