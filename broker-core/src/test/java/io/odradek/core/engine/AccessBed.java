package io.odradek.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.security.acl.AclOperation;
import io.odradek.core.security.acl.ResourceType;
import io.odradek.core.transport.ConnectionContext;
import io.odradek.core.transport.Peer;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.ApiRequest;
import io.odradek.protocol.api.ApiResponse;
import io.odradek.protocol.api.CreateAclsRequest;
import io.odradek.protocol.api.CreateAclsRequest.AclCreation;
import io.odradek.protocol.api.CreateAclsResponse;
import io.odradek.protocol.api.DeleteAclsRequest;
import io.odradek.protocol.api.DeleteAclsRequest.DeleteAclsFilter;
import io.odradek.protocol.api.DeleteAclsResponse;
import io.odradek.protocol.errors.ErrorCode;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A broker with an authorizer, somebody who may do everything, and somebody who may do what an entry allows. */
final class AccessBed {
    static final String ADMIN = "User:admin";
    static final String ALICE = "User:alice";

    private static final byte LITERAL = 3;
    private static final byte DENY = 2;
    private static final byte ALLOW = 3;
    private static final byte ANY = 1;

    final SimulatedBed bed;
    private final ConnectionContext admin = connection(ADMIN);
    private final ConnectionContext alice = connection(ALICE);

    AccessBed(String... settings) {
        Map<String, String> all = new TreeMap<>(Map.of(
                "authorizer.class.name", "kafka.security.authorizer.AclAuthorizer",
                "super.users", ADMIN,
                "transaction.state.log.num.partitions", "2",
                "transaction.state.log.replication.factor", "1",
                "transaction.state.log.min.isr", "1"));
        for (int i = 0; i < settings.length; i += 2) {
            all.put(settings[i], settings[i + 1]);
        }
        bed = new SimulatedBed(1, all);
        bed.start();
    }

    /** {@return a connection of somebody} */
    static ConnectionContext connection(String principal) {
        Peer peer =
                Peer.anonymous(InetAddress.getLoopbackAddress(), "PLAINTEXT").as(principal, false);
        return new ConnectionContext("of " + principal, 1, peer);
    }

    <T extends ApiResponse> T admin(ApiKey api, int version, ApiRequest request, Class<T> type) {
        bed.broker.connection(admin);
        return bed.ask(api, version, request, type);
    }

    <T extends ApiResponse> T alice(ApiKey api, int version, ApiRequest request, Class<T> type) {
        bed.broker.connection(alice);
        return bed.ask(api, version, request, type);
    }

    /** Adds an entry for Alice, such as {@code READ TOPIC t}. */
    void allow(String entry) {
        add(entry, ALLOW);
    }

    /** Adds an entry against her. */
    void deny(String entry) {
        add(entry, DENY);
    }

    private void add(String entry, byte permission) {
        String[] words = entry.split(" ", 3);
        ResourceType type = ResourceType.valueOf(words[1]);
        String name = type == ResourceType.CLUSTER ? ResourceType.CLUSTER_NAME : words[2];
        AclCreation creation = new AclCreation(
                type.code(),
                name,
                LITERAL,
                ALICE,
                "*",
                AclOperation.valueOf(words[0]).code(),
                permission);
        CreateAclsResponse answer =
                admin(ApiKey.CREATE_ACLS, 3, new CreateAclsRequest(List.of(creation)), CreateAclsResponse.class);
        assertThat(answer.results().get(0).errorCode())
                .as(answer.results().get(0).errorMessage())
                .isEqualTo(ErrorCode.NONE);
    }

    /** Takes all entries away. {@return what there was} */
    List<String> forget() {
        DeleteAclsFilter all = new DeleteAclsFilter(ANY, null, ANY, null, null, ANY, ANY);
        DeleteAclsResponse answer =
                admin(ApiKey.DELETE_ACLS, 3, new DeleteAclsRequest(List.of(all)), DeleteAclsResponse.class);
        List<String> deleted = new ArrayList<>();
        answer.filterResults().get(0).matchingAcls().forEach(acl -> {
            assertThat(acl.errorCode()).isEqualTo(ErrorCode.NONE);
            deleted.add(acl.principal() + " " + acl.resourceName());
        });
        return deleted;
    }

    void close() {
        bed.stop();
        bed.disk.close();
    }
}
