package io.odradek.core.security.token;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.controller.SimulatedCluster;
import io.odradek.core.coordination.ChangeNotices;
import io.odradek.core.coordination.CoordinationStore;
import io.odradek.core.coordination.CoordinationStore.CreateMode;
import io.odradek.core.security.sasl.SaslStep.Login;
import io.odradek.core.security.scram.ScramCredential;
import io.odradek.core.security.scram.ScramExchange.Found;
import io.odradek.core.security.scram.ScramMechanism;
import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.storage.env.Guests;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tokens in the cluster's tree, and brokers that follow them. */
class TokensTest {
    private static final String ALICE = "User:alice";
    private static final String BOB = "User:bob";
    private static final long LONGEST_MS = 100_000;
    private static final long RENEWAL_MS = 10_000;
    private static final long LOOK_MS = 1_000;
    private static final int MOST = 20;

    private SimulatedCluster cluster;
    private Node first;
    private Node second;
    private int controller = 1;

    /** A broker, as far as tokens are concerned. */
    private final class Node {
        private final TokenTree tree;
        private final Tokens tokens;
        private final SimulatedCluster.Broker broker;

        Node(int id) {
            broker = cluster.start(id);
            Guests guests = new Guests(cluster.world.clock(), cluster.world.newRandoms("tokens-" + id));
            tree = new TokenTree(broker.session(), broker.loop, new TokenKey("the secret"), guests);
            tokens = new Tokens(
                    broker.session(),
                    broker.loop,
                    tree,
                    new TokenLife(LONGEST_MS, RENEWAL_MS),
                    new TokenLimits(MOST, 500),
                    guests);
            TokenExpiry expiry =
                    new TokenExpiry(tokens, broker.loop, cluster.world.clock(), LOOK_MS, () -> controller == broker.id);
            cluster.value(tree.load());
            cluster.value(tree.termBegan(broker.session(), 1));
            cluster.value(expiry.termBegan(broker.session(), 1));
        }

        KnownToken create(String owner, String... renewers) {
            return cluster.value(tokens.create(owner, owner, List.of(renewers), -1));
        }

        Login login(KnownToken token) {
            Found found = tree.find(ScramMechanism.SHA_256, token.token().id());
            return found == null ? null : found.login();
        }
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

    private static String path(KnownToken token) {
        return "/delegation_token/tokens/" + token.token().id();
    }

    private ErrorCode refusal(CompletionStage<?> stage) {
        Throwable error = cluster.failure(stage);
        Throwable cause = error instanceof CompletionException ? error.getCause() : error;
        assertThat(cause).isInstanceOf(ApiException.class);
        return ((ApiException) cause).error();
    }

    private long nowMs() {
        return cluster.world.clock().wallMs();
    }

    @Test
    void aTokenIsStoredAsKafkaStoresItAndLetsInAtEveryBroker() {
        KnownToken token = first.create(ALICE, BOB);
        assertThat(first.login(token)).as("at once where it was made").isNotNull();
        cluster.world.advanceMs(5);

        assertThat(cluster.text(path(token)))
                .startsWith("{\"issueTimestamp\":")
                .contains("\"owner\":\"User%3Aalice\"")
                .endsWith(",\"version\":3}");
        assertThat(cluster.text("/delegation_token/token_changes/token_change_0000000000"))
                .isEqualTo(token.token().id());
        assertThat(second.login(token)).isEqualTo(new Login("alice", true, nowMs() - 5 + RENEWAL_MS));
        assertThat(second.tree.bySecret(token.secret()).token()).isEqualTo(token.token());
        assertThat(token.token().id()).hasSize(22);
    }

    @Test
    void aTokenLetsInForAsLongAsItIsValidWhetherItIsThereOrNot() {
        controller = -1;
        KnownToken token = first.create(ALICE);
        cluster.world.advanceMs(RENEWAL_MS);
        assertThat(second.login(token)).isNotNull();
        cluster.world.advanceMs(1);

        assertThat(first.login(token)).isNull();
        assertThat(second.login(token)).isNull();
        assertThat(second.tree.all()).hasSize(1);
        assertThat(refusal(first.tokens.renew(token.secret(), ALICE, -1)))
                .isEqualTo(ErrorCode.DELEGATION_TOKEN_EXPIRED);
        assertThat(refusal(first.tokens.expire(token.secret(), ALICE, 5)))
                .isEqualTo(ErrorCode.DELEGATION_TOKEN_EXPIRED);
        assertThat(cluster.value(first.tokens.expire(token.secret(), ALICE, -1)))
                .as("what is over may still be taken away")
                .isEqualTo(nowMs());
        assertThat(first.tree.all()).isEmpty();
    }

    @Test
    void theControllerTakesAwayWhatIsOver() {
        KnownToken gone = first.create(ALICE);
        KnownToken renewed = first.create(ALICE);
        cluster.world.advanceMs(RENEWAL_MS);
        cluster.value(second.tokens.renew(renewed.secret(), ALICE, 50_000));
        cluster.world.advanceMs(2 * LOOK_MS);

        assertThat(cluster.value(cluster.observer().children("/delegation_token/tokens")))
                .containsExactly(renewed.token().id());
        assertThat(second.tree.bySecret(gone.secret())).isNull();
        assertThat(second.login(renewed)).isNotNull();

        controller = 2;
        cluster.world.advanceMs(LONGEST_MS);
        assertThat(first.tree.all()).isEmpty();
        assertThat(second.tree.all()).isEmpty();
    }

    @Test
    void ownersAndRenewersRenewAndEndItAtAnyBroker() {
        KnownToken token = first.create(ALICE, BOB);
        cluster.world.advanceMs(5);

        assertThat(cluster.value(second.tokens.renew(token.secret(), BOB, 20_000)))
                .isEqualTo(nowMs() + 20_000);
        assertThat(cluster.value(first.tokens.renew(token.secret(), ALICE, Long.MAX_VALUE)))
                .isEqualTo(token.token().maxMs());
        assertThat(refusal(second.tokens.renew(token.secret(), "User:carol", -1)))
                .isEqualTo(ErrorCode.DELEGATION_TOKEN_OWNER_MISMATCH);
        assertThat(refusal(second.tokens.expire(token.secret(), "User:carol", -1)))
                .isEqualTo(ErrorCode.DELEGATION_TOKEN_OWNER_MISMATCH);
        assertThat(cluster.value(second.tokens.expire(token.secret(), BOB, 3_000)))
                .isEqualTo(nowMs() + 3_000);
        assertThat(cluster.value(second.tokens.expire(token.secret(), BOB, -1))).isEqualTo(nowMs());
        cluster.world.advanceMs(5);

        assertThat(first.login(token)).isNull();
        assertThat(refusal(first.tokens.renew(token.secret(), ALICE, -1)))
                .isEqualTo(ErrorCode.DELEGATION_TOKEN_NOT_FOUND);
        for (byte[] nobodys : List.of(new byte[0], new byte[1], new byte[64], new byte[100_000])) {
            assertThat(refusal(first.tokens.expire(ByteBuffer.wrap(nobodys), ALICE, -1)))
                    .isEqualTo(ErrorCode.DELEGATION_TOKEN_NOT_FOUND);
        }
    }

    @Test
    void oneLogsInWithTheSecretInBase64() {
        KnownToken token = first.create(ALICE);
        byte[] secret = new byte[64];
        token.secret().get(secret);
        String password = Base64.getEncoder().encodeToString(secret);
        for (ScramMechanism mechanism : ScramMechanism.values()) {
            var credential = first.tree.find(mechanism, token.token().id()).credential();

            assertThat(credential.iterations()).isEqualTo(4096);
            byte[] salted = mechanism.salted(password.getBytes(UTF_8), credential.salt(), 4096);
            assertThat(ScramCredential.ofSalted(mechanism, salted, credential.salt(), 4096)
                            .storedKey())
                    .isEqualTo(credential.storedKey());
            cluster.value(first.tokens.renew(token.secret(), ALICE, -1));
            assertThat(first.tree.find(mechanism, token.token().id()).credential())
                    .as("made once")
                    .isSameAs(credential);
        }
    }

    @Test
    void moreAndLargerOnesThanAllowedAreNotMade() {
        List<String> many = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            many.add("User:renewer-" + i);
        }
        assertThat(refusal(first.tokens.create(ALICE, ALICE, many, -1))).isEqualTo(ErrorCode.POLICY_VIOLATION);
        for (int i = 0; i < MOST; i++) {
            first.create(ALICE);
        }
        assertThat(refusal(first.tokens.create(ALICE, ALICE, List.of(), -1))).isEqualTo(ErrorCode.POLICY_VIOLATION);
        assertThat(cluster.value(cluster.observer().children("/delegation_token/tokens")))
                .hasSize(MOST);
        cluster.world.advanceMs(RENEWAL_MS + 2 * LOOK_MS);
        first.create(ALICE);
    }

    @Test
    void whoAsksForManyAtOnceHasNoMoreThanThereMayBe() {
        List<CompletionStage<KnownToken>> all = new ArrayList<>();
        for (int i = 0; i < 2 * MOST; i++) {
            all.add(first.tokens.create(ALICE, ALICE, List.of(), -1));
        }
        for (CompletionStage<KnownToken> made : all.subList(0, MOST)) {
            cluster.value(made);
        }
        assertThat(refusal(all.get(MOST))).isEqualTo(ErrorCode.POLICY_VIOLATION);
        assertThat(cluster.value(cluster.observer().children("/delegation_token/tokens")))
                .hasSize(MOST);
    }

    @Test
    void whatCannotBeReadLetsNobodyInAndHoldsUpNoOther() {
        KnownToken token = first.create(ALICE);
        KnownToken other = first.create(BOB);
        cluster.value(cluster.observer().set(path(token), "{".getBytes(UTF_8), CoordinationStore.ANY_VERSION));
        notice(token.token().id());

        assertThat(first.login(token)).isNull();
        assertThat(second.login(token)).isNull();
        assertThat(second.login(other)).isNotNull();
        for (String nonsense : List.of("", "a/b", "..", "no such token", "\u0000", "x".repeat(10_000))) {
            notice(nonsense);
        }
        cluster.value(
                cluster.observer().create("/delegation_token/tokens/odd name", new byte[0], CreateMode.PERSISTENT));
        assertThat(new Node(3).tree.all()).hasSize(1);
        KnownToken later = second.create(ALICE);
        cluster.world.advanceMs(5);
        assertThat(first.login(later)).isNotNull();
    }

    private void notice(String data) {
        cluster.value(cluster.observer()
                .create(
                        "/delegation_token/token_changes/token_change_",
                        data.getBytes(UTF_8),
                        CreateMode.PERSISTENT_SEQUENTIAL));
        cluster.world.advanceMs(5);
    }

    @Test
    void whoComesLaterReadsWhatIsThereAndALaterTermWhatWasMissed() {
        KnownToken token = first.create(ALICE);
        assertThat(new Node(3).login(token)).isNotNull();

        cluster.value(second.tree.termEnded());
        cluster.value(cluster.observer().delete(path(token), CoordinationStore.ANY_VERSION));
        cluster.value(second.tree.termBegan(second.broker.session(), 2));
        assertThat(second.login(token)).isNull();
        assertThat(refusal(first.tokens.renew(token.secret(), ALICE, -1)))
                .as("where nobody has told of it")
                .isEqualTo(ErrorCode.DELEGATION_TOKEN_NOT_FOUND);
    }

    @Test
    void changesOfSeveralBrokersAtOnceAreMadeOneAfterTheOther() {
        KnownToken token = first.create(ALICE);
        cluster.world.advanceMs(5);
        List<CompletionStage<Long>> renewals = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            renewals.add((i % 2 == 0 ? first : second).tokens.renew(token.secret(), ALICE, 20_000 + i));
        }
        renewals.forEach(cluster::value);
        cluster.world.advanceMs(50);

        assertThat(first.tree.byId(token.token().id()).token())
                .isEqualTo(second.tree.byId(token.token().id()).token());
        assertThat(cluster.value(cluster.observer().get(path(token))).version()).isEqualTo(20);
    }

    @Test
    void thousandsOfTokensAreKnownAndGoWhenTheyAreOver() {
        controller = -1;
        for (int i = 0; i < 1_000; i++) {
            DelegationToken token =
                    new TokenLife(LONGEST_MS, RENEWAL_MS).begin("token-" + i, ALICE, ALICE, List.of(BOB), nowMs(), -1);
            cluster.value(cluster.observer()
                    .create(
                            "/delegation_token/tokens/" + token.id(),
                            StoredToken.encode(token),
                            CreateMode.PERSISTENT));
        }
        Node third = new Node(3);
        assertThat(third.tree.all()).hasSize(1_000);
        assertThat(first.tree.all()).as("of which nobody has told").isEmpty();
        controller = 3;
        cluster.world.advanceMs(RENEWAL_MS + LOOK_MS);
        cluster.world.advanceMs(LOOK_MS);

        assertThat(third.tree.all()).isEmpty();
        assertThat(first.tree.all()).isEmpty();
        assertThat(cluster.value(cluster.observer().children("/delegation_token/tokens")))
                .isEmpty();
        assertThat(cluster.value(cluster.observer().children("/delegation_token/token_changes")))
                .hasSizeLessThanOrEqualTo(ChangeNotices.MOST);
    }

    @Test
    void aTreeThatSomebodyHasEmptiedIsMadeAnew() {
        KnownToken token = first.create(ALICE);
        cluster.value(cluster.observer().delete(path(token), CoordinationStore.ANY_VERSION));
        cluster.value(cluster.observer().delete("/delegation_token/tokens", CoordinationStore.ANY_VERSION));

        assertThat(first.login(first.create(BOB))).isNotNull();
    }
}
