package io.odradek.core.quota;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.config.dynamic.ClientEntity;
import io.odradek.core.quota.QuotaBounds.Bound;
import java.util.List;
import org.junit.jupiter.api.Test;

class QuotaBoundsTest {
    /** Kafka's order: the first of these that is set holds the client, and says with whom it shares that. */
    private static final List<Row> TABLE = List.of(
            new Row("users/alice/clients/app", "alice", "app"),
            new Row("users/alice/clients/<default>", "alice", "app"),
            new Row("users/alice", "alice", ""),
            new Row("users/<default>/clients/app", "alice", "app"),
            new Row("users/<default>/clients/<default>", "alice", "app"),
            new Row("users/<default>", "alice", ""),
            new Row("clients/app", "", "app"),
            new Row("clients/<default>", "", "app"));

    /** @param user with whom a bound is shared, empty for any @param clientId likewise */
    private record Row(String path, String user, String clientId) {
        ClientEntity entity() {
            return ClientEntity.of(path);
        }
    }

    private final QuotaBounds bounds = new QuotaBounds();

    @Test
    void theFirstThatIsSetHoldsAClient() {
        for (int i = TABLE.size() - 1; i >= 0; i--) {
            bounds.set(TABLE.get(i).entity(), (double) i);
            assertThat(bounds.of("alice", "app"))
                    .as(TABLE.get(i).path())
                    .isEqualTo(new Bound(i, TABLE.get(i).user(), TABLE.get(i).clientId()));
        }
        for (int i = 0; i < TABLE.size() - 1; i++) {
            bounds.set(TABLE.get(i).entity(), null);
            assertThat(bounds.of("alice", "app").perSecond()).isEqualTo(i + 1);
        }
        bounds.set(TABLE.get(TABLE.size() - 1).entity(), null);
        assertThat(bounds.of("alice", "app")).isNull();
        assertThat(bounds.isEmpty()).isTrue();
    }

    @Test
    void whatIsSetForOthersHoldsNobodyElse() {
        bounds.set(ClientEntity.of("users/bob"), 1.0);
        bounds.set(ClientEntity.of("users/bob/clients/app"), 2.0);
        bounds.set(ClientEntity.of("clients/other"), 3.0);
        assertThat(bounds.of("alice", "app")).isNull();
        assertThat(bounds.of("bob", "app")).isEqualTo(new Bound(2, "bob", "app"));
        assertThat(bounds.of("bob", "other")).isEqualTo(new Bound(1, "bob", ""));
        assertThat(bounds.of("alice", "other")).isEqualTo(new Bound(3, "", "other"));
    }

    @Test
    void aClientWithoutAnIdHasNothingOfThoseThatSpeakOfClientIds() {
        for (int i = 0; i < TABLE.size(); i++) {
            bounds.set(TABLE.get(i).entity(), (double) i);
        }
        assertThat(bounds.of("alice", "")).isEqualTo(new Bound(2, "alice", ""));
        bounds.set(ClientEntity.ofUser("alice"), null);
        assertThat(bounds.of("alice", "")).isEqualTo(new Bound(5, "alice", ""));
        bounds.set(ClientEntity.ofUser(ClientEntity.DEFAULT), null);
        assertThat(bounds.of("alice", "")).isNull();
    }
}
