package io.odradek.server.login;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.odradek.server.embedded.EmbeddedBroker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.CreateDelegationTokenOptions;
import org.apache.kafka.clients.admin.DescribeDelegationTokenOptions;
import org.apache.kafka.clients.admin.ExpireDelegationTokenOptions;
import org.apache.kafka.clients.admin.RenewDelegationTokenOptions;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.DelegationTokenAuthorizationException;
import org.apache.kafka.common.errors.DelegationTokenDisabledException;
import org.apache.kafka.common.errors.DelegationTokenExpiredException;
import org.apache.kafka.common.errors.DelegationTokenNotFoundException;
import org.apache.kafka.common.errors.DelegationTokenOwnerMismatchException;
import org.apache.kafka.common.errors.InvalidPrincipalTypeException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.UnsupportedByAuthenticationException;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.common.security.token.delegation.DelegationToken;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Delegation tokens of the Java client; run with each of its versions. */
@Timeout(120)
class KafkaClientsTokensTest {
    private static final long LONGEST_MS = 600_000;
    private static final long RENEWAL_MS = 60_000;
    private static final String SHA_256 = "SCRAM-SHA-256";

    private EmbeddedBroker broker;

    @BeforeEach
    void open() throws Exception {
        broker = start("delegation.token.secret.key", "the secret");
    }

    private static EmbeddedBroker start(String... more) throws Exception {
        EmbeddedBroker.Builder builder = EmbeddedBroker.builder()
                .setting("listeners", "OPEN://127.0.0.1:0,GUARDED://127.0.0.1:0")
                .setting("listener.security.protocol.map", "OPEN:PLAINTEXT,GUARDED:SASL_PLAINTEXT")
                .setting("inter.broker.listener.name", "OPEN")
                .setting("sasl.enabled.mechanisms", "SCRAM-SHA-256,SCRAM-SHA-512")
                .setting("connection.failed.authentication.delay.ms", "1")
                .setting("delegation.token.max.lifetime.ms", Long.toString(LONGEST_MS))
                .setting("delegation.token.expiry.time.ms", Long.toString(RENEWAL_MS));
        for (int i = 0; i < more.length; i += 2) {
            builder.setting(more[i], more[i + 1]);
        }
        EmbeddedBroker started = builder.start();
        for (String user : List.of("alice", "bob", "carol")) {
            ScramPasswords.set(started.bootstrapServers("OPEN"), user, user + "'s secret");
        }
        return started;
    }

    @AfterEach
    void stop() {
        broker.close();
    }

    private Map<String, Object> user(String name) {
        return TokenClients.withPassword(broker.bootstrapServers("GUARDED"), SHA_256, name, name + "'s secret");
    }

    private Map<String, Object> holder(DelegationToken token) {
        return TokenClients.withToken(broker.bootstrapServers("GUARDED"), SHA_256, token);
    }

    private static void assertRefused(KafkaFuture<?> answer, Class<? extends Throwable> why) {
        assertThatThrownBy(answer::get).cause().isInstanceOf(why);
    }

    @ParameterizedTest
    @ValueSource(strings = {"SCRAM-SHA-256", "SCRAM-SHA-512"})
    void whoComesWithATokenWritesAndReads(String mechanism) throws Exception {
        DelegationToken token = TokenClients.create(user("alice"));

        assertThat(token.tokenInfo().owner()).isEqualTo(new KafkaPrincipal("User", "alice"));
        assertThat(token.tokenInfo().maxTimestamp() - token.tokenInfo().issueTimestamp())
                .isEqualTo(LONGEST_MS);
        assertThat(token.tokenInfo().expiryTimestamp() - token.tokenInfo().issueTimestamp())
                .isEqualTo(RENEWAL_MS);
        Map<String, Object> holder = TokenClients.withToken(broker.bootstrapServers("GUARDED"), mechanism, token);
        assertThat(TokenClients.writeAndRead(holder, "t", "written")).containsExactly("written");
    }

    @Test
    void ownersAndRenewersLetATokenLiveOnAndEndIt() throws Exception {
        DelegationToken token = TokenClients.create(user("alice"), "bob");
        try (Admin alice = Admin.create(user("alice"));
                Admin bob = Admin.create(user("bob"));
                Admin carol = Admin.create(user("carol"))) {
            RenewDelegationTokenOptions forLong = new RenewDelegationTokenOptions().renewTimePeriodMs(Long.MAX_VALUE);
            assertThat(bob.renewDelegationToken(token.hmac(), forLong)
                            .expiryTimestamp()
                            .get())
                    .isEqualTo(token.tokenInfo().maxTimestamp());
            assertRefused(
                    carol.renewDelegationToken(token.hmac()).expiryTimestamp(),
                    DelegationTokenOwnerMismatchException.class);
            assertRefused(
                    carol.expireDelegationToken(token.hmac()).expiryTimestamp(),
                    DelegationTokenOwnerMismatchException.class);
            ExpireDelegationTokenOptions soon = new ExpireDelegationTokenOptions().expiryTimePeriodMs(500);
            alice.expireDelegationToken(token.hmac(), soon).expiryTimestamp().get();
            assertThat(TokenClients.refusal(holder(token))).isNull();
            broker.advance(Duration.ofSeconds(1));
            assertThat(TokenClients.refusal(holder(token))).isInstanceOf(SaslAuthenticationException.class);
            assertRefused(
                    bob.renewDelegationToken(token.hmac()).expiryTimestamp(), DelegationTokenExpiredException.class);
            bob.expireDelegationToken(token.hmac()).expiryTimestamp().get();
            assertRefused(
                    bob.renewDelegationToken(token.hmac()).expiryTimestamp(), DelegationTokenNotFoundException.class);
        }
    }

    @Test
    void everybodyIsToldOfTheTokensThatAreAskedFor() throws Exception {
        DelegationToken alices = TokenClients.create(user("alice"), "bob");
        DelegationToken carols = TokenClients.create(user("carol"));
        try (Admin bob = Admin.create(user("bob"))) {
            List<DelegationToken> all =
                    bob.describeDelegationToken().delegationTokens().get();
            assertThat(all).containsExactlyInAnyOrder(alices, carols);
            assertThat(ofOwners(bob, "bob")).containsExactly(alices);
            assertThat(ofOwners(bob, "carol", "nobody")).containsExactly(carols);
            assertThat(ofOwners(bob)).isEmpty();
        }
    }

    private static List<DelegationToken> ofOwners(Admin admin, String... names) throws Exception {
        List<KafkaPrincipal> owners = new ArrayList<>();
        for (String name : names) {
            owners.add(new KafkaPrincipal("User", name));
        }
        return admin.describeDelegationToken(new DescribeDelegationTokenOptions().owners(owners))
                .delegationTokens()
                .get();
    }

    @Test
    void whoHasNotSaidWhoItIsOrComesWithATokenMayNotAskOfThem() throws Exception {
        DelegationToken token = TokenClients.create(user("alice"));
        Map<String, Object> stranger = Map.of("bootstrap.servers", broker.bootstrapServers("OPEN"));
        for (Map<String, Object> settings : List.of(stranger, holder(token))) {
            try (Admin admin = Admin.create(settings)) {
                List<KafkaFuture<?>> all = List.of(
                        admin.createDelegationToken().delegationToken(),
                        admin.renewDelegationToken(token.hmac()).expiryTimestamp(),
                        admin.expireDelegationToken(token.hmac()).expiryTimestamp(),
                        admin.describeDelegationToken().delegationTokens());
                all.forEach(answer -> assertRefused(answer, UnsupportedByAuthenticationException.class));
            }
        }
        assertThat(TokenClients.refusal(holder(token))).isNull();
    }

    @Test
    void aTokenThatThereIsNotOrAnotherSecretLetsNobodyIn() throws Exception {
        DelegationToken token = TokenClients.create(user("alice"));
        String servers = broker.bootstrapServers("GUARDED");
        String id = token.tokenInfo().tokenId();
        String hmac = token.hmacAsBase64String();
        for (Map<String, Object> settings : List.of(
                TokenClients.withToken(servers, SHA_256, "AAAAAAAAQACAAAAAAAAAAQ", hmac),
                TokenClients.withToken(servers, SHA_256, id, hmac.toLowerCase(Locale.ROOT)),
                TokenClients.withToken(servers, SHA_256, "alice", "alice's secret"),
                TokenClients.withPassword(servers, SHA_256, id, hmac))) {
            assertThat(TokenClients.refusal(settings))
                    .isInstanceOf(SaslAuthenticationException.class)
                    .hasMessage("Authentication failed during authentication due to invalid credentials with SASL"
                            + " mechanism SCRAM-SHA-256");
        }
    }

    @Test
    void onlyUsersRenewTokens() throws Exception {
        CreateDelegationTokenOptions group =
                new CreateDelegationTokenOptions().renewers(List.of(new KafkaPrincipal("Group", "x")));
        try (Admin admin = Admin.create(user("alice"))) {
            assertRefused(admin.createDelegationToken(group).delegationToken(), InvalidPrincipalTypeException.class);
        }
    }

    @Test
    void aBrokerWithoutASecretHasNoTokens() throws Exception {
        broker.close();
        broker = start();
        try (Admin admin = Admin.create(user("alice"))) {
            assertRefused(admin.createDelegationToken().delegationToken(), DelegationTokenDisabledException.class);
            assertRefused(admin.describeDelegationToken().delegationTokens(), DelegationTokenDisabledException.class);
        }
    }

    @Test
    void aLoginLastsAsLongAsItsTokenAndIsMadeAnewWhereThatIsRenewed() throws Exception {
        broker.close();
        broker = start("delegation.token.master.key", "older", "delegation.token.expiry.time.ms", "4000");
        DelegationToken token = TokenClients.create(user("alice"));
        try (Admin alice = Admin.create(user("alice"));
                Admin holder = Admin.create(holder(token))) {
            while (reauthentications(holder) == 0) {
                alice.renewDelegationToken(token.hmac()).expiryTimestamp().get();
                assertThat(holder.listTopics().names().get()).isEmpty();
            }
            alice.expireDelegationToken(token.hmac()).expiryTimestamp().get();
            assertThatThrownBy(() -> {
                        while (true) {
                            holder.listTopics().names().get();
                        }
                    })
                    .cause()
                    .isInstanceOf(SaslAuthenticationException.class);
        }
    }

    private static double reauthentications(Admin admin) {
        return admin.metrics().entrySet().stream()
                .filter(entry -> entry.getKey().name().equals("successful-reauthentication-total")
                        && entry.getKey().group().equals("admin-client-metrics"))
                .mapToDouble(entry -> ((Number) entry.getValue().metricValue()).doubleValue())
                .sum();
    }

    @Test
    void withAnAuthorizerOneIsToldOfOnesOwn() throws Exception {
        broker.close();
        broker = start(
                "delegation.token.secret.key",
                "the secret",
                "authorizer.class.name",
                "kafka.security.authorizer.AclAuthorizer",
                "super.users",
                "User:ANONYMOUS;User:carol");
        DelegationToken alices = TokenClients.create(user("alice"));
        DelegationToken bobs = TokenClients.create(user("bob"));
        try (Admin bob = Admin.create(user("bob"));
                Admin carol = Admin.create(user("carol"))) {
            assertThat(bob.describeDelegationToken().delegationTokens().get()).containsExactly(bobs);
            assertThat(carol.describeDelegationToken().delegationTokens().get())
                    .containsExactlyInAnyOrder(alices, bobs);
        }
        if (OfOthers.CAN_BE_ASKED_FOR) {
            OfOthers.areMadeForThoseWhoMay(user("bob"), user("carol"));
        }
    }

    /** Loaded only where the client has what it names. */
    private static final class OfOthers {
        private static final boolean CAN_BE_ASKED_FOR =
                !System.getProperty("kafka.clients.version", "").startsWith("2.");

        static void areMadeForThoseWhoMay(Map<String, Object> bob, Map<String, Object> carol) throws Exception {
            CreateDelegationTokenOptions forAlice =
                    new CreateDelegationTokenOptions().owner(new KafkaPrincipal("User", "alice"));
            try (Admin refused = Admin.create(bob);
                    Admin may = Admin.create(carol)) {
                assertRefused(
                        refused.createDelegationToken(forAlice).delegationToken(),
                        DelegationTokenAuthorizationException.class);
                DelegationToken token =
                        may.createDelegationToken(forAlice).delegationToken().get();
                assertThat(token.tokenInfo().owner().getName()).isEqualTo("alice");
                assertThat(token.tokenInfo().tokenRequester().getName()).isEqualTo("carol");
            }
        }
    }
}
