package io.odradek.server.embedded;

import static io.odradek.server.embedded.Acl.Operation.ALL;
import static io.odradek.server.embedded.Acl.Operation.ALTER;
import static io.odradek.server.embedded.Acl.Operation.READ;
import static io.odradek.server.embedded.Acl.Operation.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.odradek.core.security.acl.AclOperation;
import java.net.InetAddress;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AclTest {
    @Test
    void anEntryReadsLikeASentence() {
        assertThat(Acl.allow("alice").to(READ, WRITE).topic("orders").bindings())
                .extracting(Object::toString)
                .containsExactly(
                        "Topic:LITERAL:orders: User:alice has ALLOW permission for operations: READ from hosts: *",
                        "Topic:LITERAL:orders: User:alice has ALLOW permission for operations: WRITE from hosts: *");
        assertThat(Acl.deny("*").from("10.0.0.1").to(ALL).group("billing-*").bindings())
                .extracting(Object::toString)
                .containsExactly(
                        "Group:PREFIXED:billing-: User:* has DENY permission for operations: ALL from hosts: 10.0.0.1");
        assertThat(Acl.allow("User:alice").to(ALTER).cluster().bindings())
                .extracting(Object::toString)
                .containsExactly(
                        "Cluster:LITERAL:kafka-cluster: User:alice has ALLOW permission for operations: ALTER from hosts: *");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "User:alice may READ,WRITE topic orders",
                "User:* may not ALL group billing-*",
                "User:alice may WRITE transactional-id x from 10.0.0.1",
                "User:alice may DESCRIBE topic *",
                "User:alice may ALTER cluster from 0:0:0:0:0:0:0:1"
            })
    void textSaysTheSame(String text) {
        assertThat(Acl.of(text)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "alice",
                "alice can READ topic orders",
                "alice may READ",
                "alice may READ topic",
                "alice may READ queue orders",
                "alice may READ topic orders 10.0.0.1",
                "alice may EAT topic orders",
                "alice may WRITE group g",
                "alice may READ topic a/b",
                "alice may not READ topic a from localhost",
                "alice may not READ topic a from 10.0.0.300"
            })
    void whatSaysNothingIsRefused(String text) {
        assertThatThrownBy(() -> Acl.of(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void addressesAreWrittenAsThoseOfPeers() throws Exception {
        String host = InetAddress.getByName("::1").getHostAddress();

        assertThat(Acl.of("alice may READ topic a from ::1")
                        .bindings()
                        .get(0)
                        .entry()
                        .host())
                .isEqualTo(host);
    }

    @Test
    void itsOperationsAreThoseOfTheTree() {
        assertThat(Arrays.stream(Acl.Operation.values()).map(Enum::name))
                .containsExactlyElementsOf(
                        Arrays.stream(AclOperation.values()).map(Enum::name).toList());
    }
}
