package io.odradek.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.transport.ConnectionContext;
import io.odradek.core.transport.Peer;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.CreateDelegationTokenRequest;
import io.odradek.protocol.api.CreateDelegationTokenRequest.CreatableRenewer;
import io.odradek.protocol.api.CreateDelegationTokenResponse;
import io.odradek.protocol.api.DescribeDelegationTokenRequest;
import io.odradek.protocol.api.DescribeDelegationTokenRequest.DescribeDelegationTokenOwner;
import io.odradek.protocol.api.DescribeDelegationTokenResponse;
import io.odradek.protocol.api.ExpireDelegationTokenRequest;
import io.odradek.protocol.api.ExpireDelegationTokenResponse;
import io.odradek.protocol.api.RenewDelegationTokenRequest;
import io.odradek.protocol.api.RenewDelegationTokenResponse;
import io.odradek.protocol.errors.ErrorCode;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who may do what with delegation tokens, at a broker with an authorizer. */
class DelegationTokenAccessTest {
    private static final ByteBuffer NOBODYS = ByteBuffer.wrap(new byte[] {1, 2, 3});

    private AccessBed bed;
    private ConnectionContext asking;

    @BeforeEach
    void start() {
        bed = new AccessBed("delegation.token.secret.key", "secret");
        asking = AccessBed.connection(AccessBed.ALICE);
    }

    @AfterEach
    void stop() {
        bed.close();
    }

    private CreateDelegationTokenResponse create(String owner, CreatableRenewer... renewers) {
        bed.bed.broker.connection(asking);
        return bed.bed.ask(
                ApiKey.CREATE_DELEGATION_TOKEN,
                3,
                new CreateDelegationTokenRequest(owner == null ? null : "User", owner, List.of(renewers), -1),
                CreateDelegationTokenResponse.class);
    }

    private CreateDelegationTokenResponse createAs(String user, String owner) {
        asking = AccessBed.connection("User:" + user);
        return create(owner, new CreatableRenewer("User", "renewer"));
    }

    private ErrorCode renew(ByteBuffer hmac) {
        bed.bed.broker.connection(asking);
        return bed.bed
                .ask(
                        ApiKey.RENEW_DELEGATION_TOKEN,
                        2,
                        new RenewDelegationTokenRequest(hmac, -1),
                        RenewDelegationTokenResponse.class)
                .errorCode();
    }

    private ErrorCode expire(ByteBuffer hmac) {
        bed.bed.broker.connection(asking);
        return bed.bed
                .ask(
                        ApiKey.EXPIRE_DELEGATION_TOKEN,
                        2,
                        new ExpireDelegationTokenRequest(hmac, -1),
                        ExpireDelegationTokenResponse.class)
                .errorCode();
    }

    private DescribeDelegationTokenResponse describe(String... owners) {
        bed.bed.broker.connection(asking);
        List<DescribeDelegationTokenOwner> wanted = Stream.of(owners)
                .map(owner -> new DescribeDelegationTokenOwner("User", owner))
                .toList();
        return bed.bed.ask(
                ApiKey.DESCRIBE_DELEGATION_TOKEN,
                3,
                new DescribeDelegationTokenRequest(owners.length == 0 ? null : wanted),
                DescribeDelegationTokenResponse.class);
    }

    private List<String> seen(String... owners) {
        List<String> seen = new ArrayList<>();
        describe(owners).tokens().forEach(token -> seen.add(token.tokenId()));
        return seen;
    }

    private void requireAll(ErrorCode expected) {
        CreateDelegationTokenResponse refused = create(null);
        assertThat(refused.errorCode()).isEqualTo(expected);
        assertThat(refused.hmac().hasRemaining()).isFalse();
        assertThat(refused.tokenId()).isEmpty();
        assertThat(renew(NOBODYS)).isEqualTo(expected);
        assertThat(expire(NOBODYS)).isEqualTo(expected);
        assertThat(describe().errorCode()).isEqualTo(expected);
    }

    @Test
    void nobodyMayAskWithoutALoginOrWithAToken() {
        asking = AccessBed.connection(Peer.ANONYMOUS);
        requireAll(ErrorCode.DELEGATION_TOKEN_REQUEST_NOT_ALLOWED);
        Peer byToken = Peer.anonymous(InetAddress.getLoopbackAddress(), "SASL").as(AccessBed.ADMIN, true);
        asking = new ConnectionContext("with a token", 1, byToken);
        requireAll(ErrorCode.DELEGATION_TOKEN_REQUEST_NOT_ALLOWED);
    }

    @Test
    void withoutASecretThereAreNoTokens() {
        bed.close();
        bed = new AccessBed();
        requireAll(ErrorCode.DELEGATION_TOKEN_AUTH_DISABLED);
        bed.close();
        bed = new AccessBed("delegation.token.secret.key", "", "delegation.token.master.key", "older");
        assertThat(create(null).errorCode()).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void onlyUsersMayOwnOrRenewThem() {
        bed.allow("CREATE_TOKENS USER Group:x");
        bed.bed.broker.connection(asking);
        CreateDelegationTokenRequest ofAGroup = new CreateDelegationTokenRequest("Group", "x", List.of(), -1);
        assertThat(bed.bed
                        .ask(ApiKey.CREATE_DELEGATION_TOKEN, 3, ofAGroup, CreateDelegationTokenResponse.class)
                        .errorCode())
                .isEqualTo(ErrorCode.INVALID_PRINCIPAL_TYPE);
        for (CreatableRenewer nobody : List.of(
                new CreatableRenewer("Group", "x"),
                new CreatableRenewer("", ""),
                new CreatableRenewer("user", "x"),
                new CreatableRenewer("User", ""))) {
            assertThat(create(null, new CreatableRenewer("User", "y"), nobody).errorCode())
                    .isEqualTo(ErrorCode.INVALID_PRINCIPAL_TYPE);
        }
        assertThat(describe().tokens()).isEmpty();
    }

    @Test
    void whoMakesATokenForAnotherMayKnowOfItAndNoMore() {
        assertThat(create("bob").errorCode()).isEqualTo(ErrorCode.DELEGATION_TOKEN_AUTHORIZATION_FAILED);
        bed.allow("CREATE_TOKENS USER User:bob");
        CreateDelegationTokenResponse made = create("bob");

        assertThat(made.errorCode()).isEqualTo(ErrorCode.NONE);
        assertThat(made.principalName()).isEqualTo("bob");
        assertThat(made.tokenRequesterPrincipalName()).isEqualTo("alice");
        assertThat(seen()).containsExactly(made.tokenId());
        assertThat(renew(made.hmac())).isEqualTo(ErrorCode.DELEGATION_TOKEN_OWNER_MISMATCH);
        assertThat(expire(made.hmac())).isEqualTo(ErrorCode.DELEGATION_TOKEN_OWNER_MISMATCH);
        assertThat(create("carol").errorCode()).isEqualTo(ErrorCode.DELEGATION_TOKEN_AUTHORIZATION_FAILED);
        asking = AccessBed.connection("User:bob");
        assertThat(renew(made.hmac())).isEqualTo(ErrorCode.NONE);
        assertThat(expire(made.hmac())).isEqualTo(ErrorCode.NONE);
        assertThat(expire(made.hmac())).isEqualTo(ErrorCode.DELEGATION_TOKEN_NOT_FOUND);
    }

    @Test
    void aBrokerAloneTakesAwayWhatIsOver() {
        bed.close();
        bed = new AccessBed(
                "delegation.token.secret.key",
                "secret",
                "delegation.token.expiry.time.ms",
                "60000",
                "delegation.token.expiry.check.interval.ms",
                "5000");
        CreateDelegationTokenResponse made = create(null);
        bed.bed.world.advanceMs(50_000);
        assertThat(renew(made.hmac())).isEqualTo(ErrorCode.NONE);
        bed.bed.world.advanceMs(55_000);
        assertThat(seen()).containsExactly(made.tokenId());
        bed.bed.world.advanceMs(12_000);
        assertThat(seen()).isEmpty();
    }

    @Test
    void oneSeesOnesOwnAndWhatOneMaySee() {
        String bobs = createAs("bob", null).tokenId();
        String carols = createAs("carol", "carol").tokenId();
        String alices = createAs("alice", "").tokenId();

        assertThat(seen()).containsExactly(alices);
        assertThat(seen("bob")).isEmpty();
        assertThat(seen("alice", "bob")).containsExactly(alices);
        bed.allow("DESCRIBE DELEGATION_TOKEN " + bobs);
        assertThat(seen()).containsExactlyInAnyOrder(alices, bobs);
        bed.allow("DESCRIBE_TOKENS USER User:carol");
        assertThat(seen()).containsExactlyInAnyOrder(alices, bobs, carols);
        assertThat(seen("carol", "nobody")).containsExactly(carols);
        assertThat(seen("renewer")).containsExactlyInAnyOrder(alices, bobs, carols);
        asking = AccessBed.connection("User:renewer");
        assertThat(seen()).containsExactlyInAnyOrder(alices, bobs, carols);
        assertThat(renew(describe("carol").tokens().get(0).hmac())).isEqualTo(ErrorCode.NONE);
        asking = AccessBed.connection(AccessBed.ADMIN);
        assertThat(seen()).containsExactlyInAnyOrder(alices, bobs, carols);
        assertThat(bed.bed
                        .ask(
                                ApiKey.DESCRIBE_DELEGATION_TOKEN,
                                3,
                                new DescribeDelegationTokenRequest(List.of()),
                                DescribeDelegationTokenResponse.class)
                        .tokens())
                .isEmpty();
    }
}
