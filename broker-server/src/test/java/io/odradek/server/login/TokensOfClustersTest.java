package io.odradek.server.login;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.odradek.server.embedded.EmbeddedBroker;
import io.odradek.server.embedded.EmbeddedCluster;
import io.odradek.server.zookeeper.TestEnsemble;
import java.io.Closeable;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.security.token.delegation.DelegationToken;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Delegation tokens of three brokers, over both kinds of trees. */
@Timeout(180)
class TokensOfClustersTest {
    private static final String SHA_512 = "SCRAM-SHA-512";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final Map<String, String> SETTINGS = Map.of(
            "listeners", "OPEN://127.0.0.1:0,GUARDED://127.0.0.1:0",
            "listener.security.protocol.map", "OPEN:PLAINTEXT,GUARDED:SASL_PLAINTEXT",
            "inter.broker.listener.name", "OPEN",
            "sasl.enabled.mechanisms", "SCRAM-SHA-256,SCRAM-SHA-512",
            "connection.failed.authentication.delay.ms", "1",
            "delegation.token.secret.key", "the secret",
            "delegation.token.expiry.check.interval.ms", "200");

    private static Map<String, Object> alice(EmbeddedBroker broker) {
        return TokenClients.withPassword(broker.bootstrapServers("GUARDED"), SHA_512, "alice", "alice's secret");
    }

    private static Map<String, Object> holder(EmbeddedBroker broker, DelegationToken token) {
        return TokenClients.withToken(broker.bootstrapServers("GUARDED"), SHA_512, token);
    }

    /** Each step is asked of another broker, or of whichever of them the client takes. */
    private static void goThroughALife(List<EmbeddedBroker> brokers) throws Exception {
        ScramPasswords.set(brokers.get(0).bootstrapServers("OPEN"), "alice", "alice's secret");
        for (EmbeddedBroker broker : brokers) {
            await().atMost(PATIENCE).until(() -> TokenClients.refusal(alice(broker)) == null);
        }
        DelegationToken token = TokenClients.create(alice(brokers.get(0)));
        for (EmbeddedBroker broker : brokers) {
            await().atMost(PATIENCE).until(() -> TokenClients.refusal(holder(broker, token)) == null);
        }
        assertThat(TokenClients.writeAndRead(holder(brokers.get(1), token), "t", "written"))
                .containsExactly("written");
        try (Admin admin = Admin.create(alice(brokers.get(1)))) {
            assertThat(admin.renewDelegationToken(token.hmac())
                            .expiryTimestamp()
                            .get())
                    .isGreaterThan(token.tokenInfo().expiryTimestamp());
            assertThat(admin.describeDelegationToken().delegationTokens().get()).hasSize(1);
        }
        DelegationToken other = TokenClients.create(alice(brokers.get(2)));
        try (Admin admin = Admin.create(alice(brokers.get(2)))) {
            admin.expireDelegationToken(token.hmac()).expiryTimestamp().get();
        }
        for (EmbeddedBroker broker : brokers) {
            await().atMost(PATIENCE)
                    .until(() -> TokenClients.refusal(holder(broker, token)) instanceof SaslAuthenticationException);
            await().atMost(PATIENCE).until(() -> TokenClients.refusal(holder(broker, other)) == null);
        }
    }

    @Test
    void anyBrokerMakesATokenRenewsAndEndsItAndAllKnow() throws Exception {
        EmbeddedCluster.Builder builder = EmbeddedCluster.builder(3);
        SETTINGS.forEach(builder::setting);
        try (EmbeddedCluster cluster = builder.start()) {
            List<EmbeddedBroker> brokers = new ArrayList<>();
            cluster.up().forEach(id -> brokers.add(cluster.broker(id)));
            goThroughALife(brokers);

            Map<String, Object> alice = alice(brokers.get(0));
            assertThat(described(alice)).hasSize(1);
            cluster.advance(Duration.ofDays(2));
            await("what nobody renews is taken away, in the end")
                    .atMost(PATIENCE)
                    .until(() -> described(alice).isEmpty());
        }
    }

    @Test
    void theSameHoldsOverZooKeeperAndABrokerThatComesLaterKnowsThemBeforeItsFirstClient(@TempDir Path folder)
            throws Exception {
        List<Closeable> started = new ArrayList<>();
        try (TestEnsemble ensemble = new TestEnsemble(folder.resolve("zookeeper"), 3_000)) {
            List<EmbeddedBroker> brokers = new ArrayList<>();
            for (int id = 1; id <= 3; id++) {
                EmbeddedBroker broker = member(id, ensemble, folder);
                started.add(broker::close);
                brokers.add(broker);
            }
            goThroughALife(brokers);
            DelegationToken token = TokenClients.create(alice(brokers.get(0)));
            EmbeddedBroker fourth = member(4, ensemble, folder);
            started.add(fourth::close);
            assertThat(TokenClients.refusal(holder(fourth, token))).isNull();
            for (Closeable broker : started) {
                broker.close();
            }
        }
    }

    private static EmbeddedBroker member(int id, TestEnsemble ensemble, Path folder) {
        EmbeddedBroker.Builder builder = EmbeddedBroker.builder()
                .logFolder(folder.resolve("logs-" + id))
                .setting("broker.id", Integer.toString(id))
                .setting("zookeeper.connect", ensemble.connect() + "/tokens")
                .setting("offsets.topic.replication.factor", "1");
        SETTINGS.forEach(builder::setting);
        return builder.start();
    }

    private static List<DelegationToken> described(Map<String, Object> settings) throws Exception {
        try (Admin admin = Admin.create(settings)) {
            return admin.describeDelegationToken().delegationTokens().get();
        }
    }
}
