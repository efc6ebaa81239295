package io.odradek.core.security.scram;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.config.dynamic.ClientEntity;
import io.odradek.core.security.sasl.SaslStep.Challenge;
import io.odradek.storage.env.Randoms;
import io.odradek.storage.env.SimulatedWorld;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ScramUsersTest {
    private final Randoms randoms = new SimulatedWorld(1).newRandoms("scram");
    private final ScramUsers users = new ScramUsers(randoms);

    private void store(String user, int iterations) {
        byte[] salt = "salt".getBytes(UTF_8);
        byte[] salted = ScramMechanism.SHA_256.salted("secret".getBytes(UTF_8), salt, iterations);
        String text = ScramCredential.ofSalted(ScramMechanism.SHA_256, salted, salt, iterations)
                .encode();
        users.changed(ClientEntity.ofUser(user), new TreeMap<>(Map.of("SCRAM-SHA-256", text)));
    }

    private String challenge(String user) {
        ScramExchange exchange = new ScramExchange(ScramMechanism.SHA_256, users.of(ScramMechanism.SHA_256), randoms);
        Challenge challenge = (Challenge) exchange.next(("n,,n=" + user + ",r=x").getBytes(UTF_8))
                .toCompletableFuture()
                .join();
        return new String(challenge.token(), UTF_8);
    }

    @Test
    void whoIsNoUserIsAskedForAsManyIterationsAsUsersAre() {
        assertThat(challenge("nobody")).endsWith(",i=4096");

        store("alice", 8192);

        assertThat(challenge("alice")).endsWith(",i=8192");
        assertThat(challenge("nobody")).endsWith(",i=8192");
    }

    @Test
    void whoIsAUserNoMoreIsToldASaltAsAnyOther() {
        store("alice", 4096);
        String before = challenge("alice");

        users.changed(ClientEntity.ofUser("alice"), new TreeMap<>());

        assertThat(challenge("alice").split(",")[1]).isNotEqualTo(before.split(",")[1]);
        assertThat(users.of(ScramMechanism.SHA_256).find("alice", false)).isNull();
    }
}
