package io.odradek.core.coordination.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.odradek.core.coordination.node.AclNode.Acl;
import java.util.List;
import org.junit.jupiter.api.Test;

class AclNodesTest {
    @Test
    void entriesAreReadAsTheyAreWritten() {
        AclNode node = new AclNode(List.of(
                new Acl("User:CN=\"a\",O=\u00e4", "Allow", "Read", "*"), new Acl("User:*", "Deny", "All", "::1")));
        assertThat(AclNode.decode(node.encode())).isEqualTo(node);
        assertThat(AclNode.decode(new byte[0]).acls()).isEmpty();
    }

    @Test
    void anotherVersionIsNotRead() {
        assertThatThrownBy(() -> AclNode.decode("{\"version\":2,\"acls\":[]}".getBytes(UTF_8)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("version 2");
    }

    @Test
    void noticesAreTextForLiteralNamesAndJsonForOthers() {
        AclChangeNode literal = new AclChangeNode("TRANSACTIONAL_ID", "a:b", "LITERAL");
        assertThat(new String(literal.encode(), UTF_8)).isEqualTo("TRANSACTIONAL_ID:a:b");
        assertThat(AclChangeNode.decodeLiteral(literal.encode())).isEqualTo(literal);
        AclChangeNode prefixed = new AclChangeNode("GROUP", "a\"", "PREFIXED");
        assertThat(AclChangeNode.decodeExtended(prefixed.encode())).isEqualTo(prefixed);
    }
}
