package io.odradek.core.engine;

import static io.odradek.core.engine.ProtectedApis.alterConfigs;
import static io.odradek.core.engine.ProtectedApis.hidden;
import static io.odradek.core.engine.ProtectedApis.refused;

import io.odradek.core.engine.ProtectedApis.Case;
import io.odradek.protocol.api.AllocateProducerIdsRequest;
import io.odradek.protocol.api.AlterClientQuotasRequest;
import io.odradek.protocol.api.AlterPartitionReassignmentsRequest;
import io.odradek.protocol.api.AlterPartitionReassignmentsRequest.ReassignablePartition;
import io.odradek.protocol.api.AlterPartitionReassignmentsRequest.ReassignableTopic;
import io.odradek.protocol.api.AlterPartitionRequest;
import io.odradek.protocol.api.AlterReplicaLogDirsRequest;
import io.odradek.protocol.api.AlterUserScramCredentialsRequest;
import io.odradek.protocol.api.ApiCodecs;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.ApiRequest;
import io.odradek.protocol.api.CreateAclsRequest;
import io.odradek.protocol.api.CreateAclsRequest.AclCreation;
import io.odradek.protocol.api.CreateDelegationTokenRequest;
import io.odradek.protocol.api.DeleteAclsRequest;
import io.odradek.protocol.api.DeleteAclsRequest.DeleteAclsFilter;
import io.odradek.protocol.api.DescribeAclsRequest;
import io.odradek.protocol.api.DescribeClientQuotasRequest;
import io.odradek.protocol.api.DescribeConfigsRequest;
import io.odradek.protocol.api.DescribeConfigsRequest.DescribeConfigsResource;
import io.odradek.protocol.api.DescribeDelegationTokenRequest;
import io.odradek.protocol.api.DescribeLogDirsRequest;
import io.odradek.protocol.api.DescribeUserScramCredentialsRequest;
import io.odradek.protocol.api.ElectLeadersRequest;
import io.odradek.protocol.api.ListConfigResourcesRequest;
import io.odradek.protocol.api.ListPartitionReassignmentsRequest;
import io.odradek.protocol.api.UpdateFeaturesRequest;
import io.odradek.protocol.wire.WireReader;
import java.nio.ByteBuffer;
import java.util.List;

/** Those of {@link ProtectedApis} that are about the cluster. */
final class ProtectedClusterApis {
    private static final byte TOPIC = 2;
    private static final byte BROKER = 4;

    private ProtectedClusterApis() {}

    /** A request that says nothing but zeros. */
    private static ApiRequest zeros(ApiKey api, int version) {
        return ApiCodecs.readRequest(api, (short) version, new WireReader(ByteBuffer.allocate(256)));
    }

    static List<Case> all() {
        byte any = 1;
        AclCreation acl = new AclCreation(TOPIC, "u", (byte) 3, "User:bob", "*", (byte) 3, (byte) 3);
        return List.of(
                refused(ApiKey.LEADER_AND_ISR, 1, zeros(ApiKey.LEADER_AND_ISR, 1), "CLUSTER_ACTION CLUSTER"),
                refused(ApiKey.STOP_REPLICA, 1, zeros(ApiKey.STOP_REPLICA, 1), "CLUSTER_ACTION CLUSTER"),
                refused(ApiKey.UPDATE_METADATA, 1, zeros(ApiKey.UPDATE_METADATA, 1), "CLUSTER_ACTION CLUSTER"),
                refused(ApiKey.CONTROLLED_SHUTDOWN, 1, zeros(ApiKey.CONTROLLED_SHUTDOWN, 1), "CLUSTER_ACTION CLUSTER"),
                refused(
                        ApiKey.ALTER_PARTITION,
                        0,
                        new AlterPartitionRequest(9, 0, List.of()),
                        "CLUSTER_ACTION CLUSTER"),
                refused(
                        ApiKey.ALLOCATE_PRODUCER_IDS,
                        0,
                        new AllocateProducerIdsRequest(9, 0),
                        "CLUSTER_ACTION CLUSTER"),
                refused(ApiKey.DESCRIBE_LOG_DIRS, 4, new DescribeLogDirsRequest(null), "DESCRIBE CLUSTER"),
                refused(
                        ApiKey.LIST_PARTITION_REASSIGNMENTS,
                        0,
                        new ListPartitionReassignmentsRequest(100, null),
                        "DESCRIBE CLUSTER"),
                refused(
                        ApiKey.ALTER_PARTITION_REASSIGNMENTS,
                        0,
                        new AlterPartitionReassignmentsRequest(
                                100,
                                true,
                                List.of(new ReassignableTopic("t", List.of(new ReassignablePartition(0, null))))),
                        "ALTER CLUSTER"),
                refused(
                        ApiKey.ALTER_REPLICA_LOG_DIRS,
                        2,
                        new AlterReplicaLogDirsRequest(List.of(new AlterReplicaLogDirsRequest.AlterReplicaLogDir(
                                "/nowhere",
                                List.of(new AlterReplicaLogDirsRequest.AlterReplicaLogDirTopic("t", List.of(0)))))),
                        "ALTER CLUSTER"),
                refused(
                        ApiKey.ELECT_LEADERS,
                        2,
                        new ElectLeadersRequest(
                                (byte) 0, List.of(new ElectLeadersRequest.TopicPartitions("t", List.of(0))), 100),
                        "ALTER CLUSTER"),
                refused(ApiKey.UPDATE_FEATURES, 1, new UpdateFeaturesRequest(100, List.of(), true), "ALTER CLUSTER"),
                refused(ApiKey.CREATE_ACLS, 3, new CreateAclsRequest(List.of(acl)), "ALTER CLUSTER"),
                refused(
                        ApiKey.DELETE_ACLS,
                        3,
                        new DeleteAclsRequest(List.of(new DeleteAclsFilter(TOPIC, "u", any, null, null, any, any))),
                        "ALTER CLUSTER"),
                refused(
                        ApiKey.DESCRIBE_ACLS,
                        3,
                        new DescribeAclsRequest(any, null, any, null, null, any, any),
                        "DESCRIBE CLUSTER"),
                refused(
                        ApiKey.DESCRIBE_USER_SCRAM_CREDENTIALS,
                        0,
                        new DescribeUserScramCredentialsRequest(null),
                        "DESCRIBE CLUSTER"),
                refused(
                        ApiKey.ALTER_USER_SCRAM_CREDENTIALS,
                        0,
                        new AlterUserScramCredentialsRequest(
                                List.of(new AlterUserScramCredentialsRequest.ScramCredentialDeletion("u", (byte) 1)),
                                List.of()),
                        "ALTER CLUSTER"),
                refused(
                        ApiKey.CREATE_DELEGATION_TOKEN,
                        3,
                        new CreateDelegationTokenRequest("User", "carol", List.of(), -1),
                        "CREATE_TOKENS USER User:carol"),
                hidden(
                        ApiKey.DESCRIBE_DELEGATION_TOKEN,
                        3,
                        new DescribeDelegationTokenRequest(null),
                        "bob",
                        "DESCRIBE_TOKENS USER User:bob"),
                refused(
                        ApiKey.DESCRIBE_CLIENT_QUOTAS,
                        1,
                        new DescribeClientQuotasRequest(List.of(), false),
                        "DESCRIBE_CONFIGS CLUSTER"),
                refused(
                        ApiKey.ALTER_CLIENT_QUOTAS,
                        1,
                        new AlterClientQuotasRequest(
                                List.of(new AlterClientQuotasRequest.EntryData(
                                        List.of(new AlterClientQuotasRequest.EntityData("user", "u")),
                                        List.of(new AlterClientQuotasRequest.OpData("producer_byte_rate", 1, false)))),
                                false),
                        "ALTER_CONFIGS CLUSTER"),
                refused(
                        ApiKey.LIST_CONFIG_RESOURCES,
                        1,
                        new ListConfigResourcesRequest(List.of(TOPIC)),
                        "DESCRIBE_CONFIGS CLUSTER"),
                refused(
                        ApiKey.DESCRIBE_CONFIGS,
                        4,
                        new DescribeConfigsRequest(
                                List.of(new DescribeConfigsResource(BROKER, "1", null)), false, false),
                        "DESCRIBE_CONFIGS CLUSTER"),
                refused(ApiKey.INCREMENTAL_ALTER_CONFIGS, 1, alterConfigs(BROKER, "1"), "ALTER_CONFIGS CLUSTER"));
    }
}
