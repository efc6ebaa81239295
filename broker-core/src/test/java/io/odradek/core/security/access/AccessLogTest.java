package io.odradek.core.security.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.security.acl.AclOperation;
import io.odradek.core.security.acl.KafkaNames;
import io.odradek.core.security.acl.ResourceType;
import io.odradek.core.transport.Peer;
import io.odradek.protocol.api.ApiKey;
import java.net.InetAddress;
import org.junit.jupiter.api.Test;

class AccessLogTest {
    private static final Peer ALICE =
            Peer.anonymous(InetAddress.getLoopbackAddress(), "PLAINTEXT").as("User:alice", false);

    @Test
    void aDecisionIsToldInKafkasWords() {
        assertThat(AccessLog.line(
                        ALICE,
                        "Denied",
                        AclOperation.IDEMPOTENT_WRITE,
                        AccessLog.literal(ResourceType.CLUSTER, ResourceType.CLUSTER_NAME),
                        ApiKey.INIT_PRODUCER_ID,
                        1))
                .isEqualTo("Principal = User:alice is Denied Operation = IdempotentWrite from host = 127.0.0.1 on"
                        + " resource = Cluster:LITERAL:kafka-cluster for request = InitProducerId with resourceRefCount"
                        + " = 1");
    }

    @Test
    void namesOfClientsStayInTheirLine() {
        assertThat(AccessLog.line(
                        ALICE.as("User:a\nb", false),
                        "Denied",
                        AclOperation.READ,
                        AccessLog.literal(ResourceType.GROUP, "g\r\nPrincipal = User:root is Allowed"),
                        ApiKey.HEARTBEAT,
                        1))
                .hasLineCount(1);
    }

    @Test
    void apisAndKindsHaveKafkasNames() {
        assertThat(KafkaNames.of(ApiKey.ADD_PARTITIONS_TO_TXN)).isEqualTo("AddPartitionsToTxn");
        assertThat(KafkaNames.of(ApiKey.LEADER_AND_ISR)).isEqualTo("LeaderAndIsr");
        assertThat(KafkaNames.of(ResourceType.TRANSACTIONAL_ID)).isEqualTo("TransactionalId");
        assertThat(KafkaNames.of(ResourceType.USER)).isEqualTo("User");
    }
}
