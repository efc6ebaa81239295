package io.odradek.core.security.acl;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.config.BrokerConfig;
import io.odradek.core.controller.SimulatedCluster;
import io.odradek.core.coordination.AclPaths;
import io.odradek.core.coordination.ChangeNotices;
import io.odradek.core.coordination.CoordinationStore;
import io.odradek.core.coordination.CoordinationStore.CreateMode;
import io.odradek.core.transport.Peer;
import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Access control entries in the cluster's tree, and brokers that follow them. */
class AclTreeTest {
    private static final Peer ALICE =
            Peer.anonymous(InetAddress.getLoopbackAddress(), "PLAINTEXT").as("User:alice", false);
    private static final String TOPIC_T = "/kafka-acl/Topic/t";

    private SimulatedCluster cluster;
    private Node first;
    private Node second;

    /** A broker, as far as access control entries are concerned. */
    private final class Node {
        private final SimulatedCluster.Broker broker;
        private final AclTree tree;
        private final Acls acls;

        Node(int id, String... settings) {
            broker = cluster.start(id);
            BrokerConfig config = BrokerConfig.of(settings.length == 0 ? Map.of() : Map.of(settings[0], settings[1]));
            tree = new AclTree(broker.session(), broker.loop, cluster.world.clock(), config);
            acls = new Acls(broker.session(), broker.loop, tree);
            cluster.value(tree.load());
            cluster.value(tree.termBegan(broker.session(), 1));
        }

        void add(AclBinding... bindings) {
            for (ApiException refusal : cluster.value(acls.create(List.of(bindings)))) {
                assertThat((Throwable) refusal).isNull();
            }
        }

        boolean mayRead(String topic) {
            return tree.authorizer().allows(ALICE, AclOperation.READ, ResourceType.TOPIC, topic);
        }
    }

    private static AclBinding binding(String name, PatternType pattern, AclOperation operation, AclPermission may) {
        return new AclBinding(
                new ResourcePattern(ResourceType.TOPIC, name, pattern),
                new AclEntry("User:alice", "*", operation, may));
    }

    private static AclBinding read(String topic) {
        return binding(topic, PatternType.LITERAL, AclOperation.READ, AclPermission.ALLOW);
    }

    private void write(String path, String data) {
        if (cluster.value(cluster.observer().children(path.substring(0, path.lastIndexOf('/'))))
                .contains(path.substring(path.lastIndexOf('/') + 1))) {
            cluster.value(cluster.observer().set(path, data.getBytes(UTF_8), CoordinationStore.ANY_VERSION));
        } else {
            cluster.value(cluster.observer().create(path, data.getBytes(UTF_8), CreateMode.PERSISTENT));
        }
    }

    private void notice(String parent, String data) {
        cluster.value(cluster.observer()
                .create(parent + "/acl_changes_", data.getBytes(UTF_8), CreateMode.PERSISTENT_SEQUENTIAL));
        cluster.world.advanceMs(5);
    }

    @BeforeEach
    void start() throws IOException {
        cluster = new SimulatedCluster();
        first = new Node(1);
        second = new Node(2);
    }

    @AfterEach
    void close() {
        cluster.close();
        cluster.files.close();
    }

    @Test
    void theNodesThatOthersAreBelowAreMadeAsKafkaMakesThem() {
        for (String root : List.of("/kafka-acl", "/kafka-acl-extended/prefixed")) {
            assertThat(cluster.value(cluster.observer().children(root)))
                    .containsExactly("Cluster", "DelegationToken", "Group", "Topic", "TransactionalId", "User");
        }
        assertThat(cluster.value(cluster.observer().children("/kafka-acl-changes")))
                .isEmpty();
        assertThat(cluster.value(cluster.observer().children("/kafka-acl-extended-changes")))
                .isEmpty();
    }

    @Test
    void aChangeIsStoredAsKafkaStoresItAndHoldsForEveryBroker() {
        first.add(read("t"), binding("t", PatternType.LITERAL, AclOperation.WRITE, AclPermission.DENY));
        assertThat(first.mayRead("t")).as("at once where it was made").isTrue();
        cluster.world.advanceMs(5);

        assertThat(cluster.text(TOPIC_T))
                .isEqualTo("{\"acls\":["
                        + "{\"principal\":\"User:alice\",\"permissionType\":\"Allow\",\"host\":\"*\",\"operation\":\"Read\"},"
                        + "{\"principal\":\"User:alice\",\"permissionType\":\"Deny\",\"host\":\"*\",\"operation\":\"Write\"}"
                        + "],\"version\":1}");
        assertThat(cluster.text("/kafka-acl-changes/acl_changes_0000000000")).isEqualTo("TOPIC:t");
        assertThat(second.mayRead("t")).isTrue();
        assertThat(second.tree.authorizer().image().all())
                .isEqualTo(first.tree.authorizer().image().all());
    }

    @Test
    void prefixesHaveTheirOwnNodesAndNotices() {
        second.add(binding("te", PatternType.PREFIXED, AclOperation.ALL, AclPermission.ALLOW));
        cluster.world.advanceMs(5);

        assertThat(cluster.text("/kafka-acl-extended/prefixed/Topic/te")).contains("\"operation\":\"All\"");
        assertThat(cluster.text("/kafka-acl-extended-changes/acl_changes_0000000000"))
                .isEqualTo("{\"version\":1,\"resourceType\":\"TOPIC\",\"name\":\"te\",\"patternType\":\"PREFIXED\"}");
        assertThat(first.mayRead("test")).isTrue();
        assertThat(first.mayRead("t")).isFalse();
    }

    @Test
    void whatIsThereAlreadyIsNotWrittenAgain() {
        first.add(read("t"));
        first.add(read("t"));

        assertThat(cluster.value(cluster.observer().children("/kafka-acl-changes")))
                .hasSize(1);
        assertThat(cluster.value(cluster.observer().get(TOPIC_T)).version()).isZero();
    }

    @Test
    void theLastEntryGoesWithItsNode() {
        first.add(read("t"), read("u"));
        cluster.world.advanceMs(5);
        AclFilter all = new AclFilter(
                new AclFilter.Resources(ResourceType.TOPIC, "t", AclFilter.Names.ANY), null, null, null, null);

        List<List<Acls.Changed>> deleted = cluster.value(second.acls.delete(List.of(all, all)));
        cluster.world.advanceMs(5);

        assertThat(deleted.get(0)).containsExactly(new Acls.Changed(read("t"), null));
        assertThat(deleted.get(1)).as("an entry is told once").isEmpty();
        assertThat(cluster.value(cluster.observer().children("/kafka-acl/Topic")))
                .containsExactly("u");
        assertThat(first.mayRead("t")).isFalse();
        assertThat(first.mayRead("u")).isTrue();
    }

    @Test
    void whoComesLaterReadsWhatIsThereAndALaterTermWhatWasMissed() {
        first.add(read("t"));
        assertThat(new Node(3).mayRead("t")).isTrue();

        cluster.value(second.tree.termEnded());
        write(TOPIC_T, "{\"version\":1,\"acls\":[]}");
        cluster.value(second.tree.termBegan(second.broker.session(), 2));
        assertThat(second.mayRead("t")).isFalse();
    }

    @Test
    void changesOfSeveralBrokersAtOnceAreAllKept() {
        Random random = cluster.world.newRandom("writers");
        List<CompletionStage<?>> writes = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            Node node = random.nextBoolean() ? first : second;
            AclOperation operation = AclOperation.values()[i % 10];
            writes.add(node.acls.create(List.of(
                    binding(random.nextBoolean() ? "t" : "u", PatternType.LITERAL, operation, AclPermission.ALLOW))));
        }
        writes.forEach(cluster::value);
        cluster.world.advanceMs(50);

        assertThat(first.tree.authorizer().image().all())
                .isEqualTo(second.tree.authorizer().image().all());
        Node third = new Node(3);
        assertThat(first.tree.authorizer().image().all())
                .isEqualTo(third.tree.authorizer().image().all());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "no JSON",
                "{\"version\":2,\"acls\":[]}",
                "{\"version\":1,\"acls\":[{\"principal\":\"User:alice\"}]}",
                "{\"version\":1}",
            })
    void aNodeThatCannotBeReadForbidsEverything(String data) {
        Node open = new Node(3, "allow.everyone.if.no.acl.found", "true");
        assertThat(open.mayRead("t")).isTrue();
        first.add(binding("t", PatternType.PREFIXED, AclOperation.ALL, AclPermission.ALLOW));
        write(TOPIC_T, data);
        notice(AclPaths.LITERAL_CHANGES, "TOPIC:t");

        assertThat(first.mayRead("t")).isFalse();
        assertThat(open.mayRead("t")).isFalse();
        assertThat(first.mayRead("tt")).isTrue();
        ApiException refusal =
                cluster.value(first.acls.create(List.of(read("t")))).get(0);
        assertThat(refusal.error()).isEqualTo(ErrorCode.KAFKA_STORAGE_ERROR);
        assertThat(refusal).hasMessageContaining(TOPIC_T);
        assertThat(cluster.text(TOPIC_T)).isEqualTo(data);
    }

    @ParameterizedTest
    @CsvSource({
        // What is allowed that nobody knows, is not; what else the node says holds.
        "User:alice, Allow, Fly,   true,  false",
        "alice,      Allow, Read,  true,  false",
        // What is forbidden that nobody knows, might be this.
        "User:alice, Deny,  Fly,   false, false",
        "User:bob,   Deny,  Fly,   true,  false",
        "alice,      Deny,  Read,  false, false",
        "User:alice, Maybe, Read,  false, false",
        "User:alice, Maybe, Write, true,  false",
    })
    void anEntryThatCannotBeReadOpensNoDoor(
            String principal, String permission, String operation, boolean mayRead, boolean mayReadAlone) {
        String unknown = "{\"principal\":\"" + principal + "\",\"permissionType\":\"" + permission
                + "\",\"host\":\"*\",\"operation\":\"" + operation + "\"}";
        String known =
                "{\"principal\":\"User:alice\",\"permissionType\":\"Allow\",\"operation\":\"Read\",\"host\":\"*\"}";
        Node open = new Node(3, "allow.everyone.if.no.acl.found", "true");
        write(TOPIC_T, "{\"version\":1,\"acls\":[" + known + "," + unknown + "]}");
        write("/kafka-acl/Topic/u", "{\"version\":1,\"acls\":[" + unknown + "]}");
        notice(AclPaths.LITERAL_CHANGES, "TOPIC:t");
        notice(AclPaths.LITERAL_CHANGES, "TOPIC:u");

        assertThat(first.mayRead("t")).isEqualTo(mayRead);
        assertThat(open.mayRead("u")).isEqualTo(mayReadAlone);

        first.add(binding("t", PatternType.LITERAL, AclOperation.DESCRIBE, AclPermission.ALLOW));
        assertThat(cluster.text(TOPIC_T)).as("it stays as it is").contains(unknown);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "/kafka-acl-changes;          nonsense",
                "/kafka-acl-changes;          SPACESHIP:t",
                "/kafka-acl-changes;          TOPIC:a/b",
                "/kafka-acl-extended-changes; nonsense",
                "/kafka-acl-extended-changes; {\"version\":9,\"resourceType\":\"TOPIC\",\"name\":\"t\",\"patternType\":\"PREFIXED\"}",
                "/kafka-acl-extended-changes; {\"version\":1,\"resourceType\":\"TOPIC\",\"name\":\"t\",\"patternType\":\"MATCH\"}",
            })
    void aNoticeThatCannotBeReadHoldsUpNoOther(String parent, String data) {
        notice(parent, data);
        write(
                TOPIC_T,
                "{\"version\":1,\"acls\":[{\"principal\":\"User:alice\",\"permissionType\":\"ALLOW\","
                        + "\"operation\":\"read\",\"host\":\"*\"}]}");
        notice(AclPaths.LITERAL_CHANGES, "Topic:t");

        assertThat(first.mayRead("t")).isTrue();
    }

    @Test
    void kindsOfResourcesThatNobodyKnowsArePassedOver() {
        write("/kafka-acl/Spaceship", "");
        write("/kafka-acl/Spaceship/enterprise", "{\"version\":1,\"acls\":[]}");
        first.add(read("t"));

        assertThat(new Node(3).mayRead("t")).isTrue();
    }

    @Test
    void noticesGoAfterAWhileAndTheOldestOfVeryMany() {
        for (int i = 0; i < ChangeNotices.MOST + 10; i++) {
            first.add(read("t" + i));
        }
        cluster.world.advanceMs(50);
        assertThat(cluster.value(cluster.observer().children("/kafka-acl-changes")))
                .hasSize(ChangeNotices.MOST)
                .doesNotContain("acl_changes_0000000000");
        assertThat(second.tree.authorizer().image().all()).hasSize(ChangeNotices.MOST + 10);

        cluster.world.advanceMs(ChangeNotices.KEPT_MS + 1_000);
        assertThat(cluster.value(cluster.observer().children("/kafka-acl-changes")))
                .isEmpty();
    }

    @Test
    void moreThanANodeHoldsIsRefusedAndChangesNothing() {
        List<AclBinding> many = new ArrayList<>();
        for (int i = 0; i < 15_000; i++) {
            many.add(new AclBinding(
                    read("t").pattern(), new AclEntry("User:u" + i, "*", AclOperation.READ, AclPermission.ALLOW)));
        }
        List<ApiException> refusals = cluster.value(first.acls.create(many));

        assertThat(refusals).allSatisfy(refusal -> assertThat(refusal.error()).isEqualTo(ErrorCode.POLICY_VIOLATION));
        assertThat(cluster.value(cluster.observer().children("/kafka-acl/Topic")))
                .isEmpty();
    }
}
