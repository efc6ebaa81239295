package io.odradek.core.quota;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.odradek.core.config.dynamic.ClientEntity;
import io.odradek.core.transport.MutationAllowance;
import io.odradek.core.transport.Peer;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.RequestHeader;
import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.storage.env.Guests;
import io.odradek.storage.env.KeptMeters;
import io.odradek.storage.env.SimulatedWorld;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClientQuotasTest {
    private static final QuotaSpan SPAN = new QuotaSpan(11, 1_000);
    private static final int KIBIBYTE = 1_024;

    private final SimulatedWorld world = new SimulatedWorld(1);
    private final KeptMeters meters = new KeptMeters();
    private final ClientQuotas quotas =
            new ClientQuotas(new Guests(world.clock(), world.newRandoms("quotas"), meters), SPAN, SPAN, 10);

    private void set(String path, String... settings) {
        TreeMap<String, String> map = new TreeMap<>();
        for (int i = 0; i < settings.length; i += 2) {
            map.put(settings[i], settings[i + 1]);
        }
        quotas.changed(ClientEntity.of(path), map);
    }

    private ClientCharge request(ApiKey api, int version, String user, String clientId) {
        Peer peer =
                Peer.anonymous(InetAddress.getLoopbackAddress(), "PLAINTEXT").as("User:" + user, false);
        RequestHeader header = new RequestHeader(api.key(), (short) version, 1, clientId);
        return quotas.charge(peer, header, world.clock().monotonicNs());
    }

    private int produces(String user, String clientId, int bytes) {
        ClientCharge charge = request(ApiKey.PRODUCE, 9, user, clientId);
        return charge == null ? 0 : charge.produced(bytes, true);
    }

    @Test
    void whoHasHadTooMuchRestsUntilThatIsWhatItMayHave() {
        set("clients/app", "producer_byte_rate", "1024");
        assertThat(produces("alice", "app", 10 * KIBIBYTE))
                .as("as in ten seconds")
                .isZero();
        assertThat(produces("alice", "app", KIBIBYTE)).as("more").isEqualTo(1_000);
        assertThat(produces("alice", "other", 1_000 * KIBIBYTE)).isZero();
        world.advanceMs(12_000);
        assertThat(produces("alice", "app", KIBIBYTE)).as("after a rest").isZero();
    }

    @Test
    void overTimeAClientHasWhatItMayHave() {
        set("clients/app", "producer_byte_rate", "1024");
        long sent = 0;
        long beganNs = world.clock().monotonicNs();
        while (world.clock().monotonicNs() - beganNs < 300_000_000_000L) {
            sent += 100;
            world.advanceMs(1 + produces("alice", "app", 100));
        }
        assertThat(sent / 300.0).isEqualTo(1_024, within(102.0));
    }

    /** Thirty of three minutes, from the start, or from anywhere after the span of what it could have at once then. */
    @ParameterizedTest
    @ValueSource(ints = {10, 100, 1_000, 5_000})
    void overHalfAMinuteAClientThatNeverPausesHasWhatItMayHave(int bytes) {
        set("clients/app", "producer_byte_rate", "10000", "consumer_byte_rate", "10000");
        List<long[]> sent = new ArrayList<>();
        List<long[]> read = new ArrayList<>();
        for (List<long[]> had : List.of(sent, read)) {
            long beganMs = nowMs();
            while (nowMs() - beganMs < 180_000) {
                int forMs;
                if (had == sent) {
                    had.add(new long[] {nowMs() - beganMs, bytes});
                    forMs = produces("alice", "app", bytes);
                } else {
                    forMs = request(ApiKey.FETCH, 12, "alice", "app").fetched(bytes);
                    if (forMs == 0) {
                        had.add(new long[] {nowMs() - beganMs, bytes});
                    }
                }
                world.advanceMs(1 + forMs);
            }
            for (int from = 0; from < 150_000; from += from == 0 ? 12_000 : 700) {
                long begins = from;
                long sum = had.stream()
                        .filter(one -> one[0] >= begins && one[0] < begins + 30_000)
                        .mapToLong(one -> one[1])
                        .sum();
                assertThat(sum / 30.0).as("from %d ms on", from).isEqualTo(10_000, within(1_000.0));
            }
        }
    }

    private long nowMs() {
        return world.clock().monotonicNs() / 1_000_000;
    }

    @Test
    void whoHasPaidMayHaveMuchAtOnceAgain() {
        set("clients/app", "producer_byte_rate", "1024");
        assertThat(produces("alice", "app", 12 * KIBIBYTE)).isEqualTo(2_000);
        world.advanceMs(5_000);
        assertThat(produces("alice", "app", 1)).as("before all is paid for").isEqualTo(2_001);
        world.advanceMs(17_500);
        assertThat(produces("alice", "app", 1)).isZero();
        assertThat(produces("alice", "app", 9 * KIBIBYTE)).isZero();
    }

    @Test
    void connectionsOfOneEntityShareWhatItMayHaveAndOthersDoNot() {
        set("users/alice", "producer_byte_rate", "1024");
        set("users/<default>/clients/<default>", "producer_byte_rate", "512");
        assertThat(produces("alice", "one", 10 * KIBIBYTE)).isZero();
        assertThat(produces("alice", "two", KIBIBYTE)).isPositive();
        assertThat(produces("bob", "one", 5 * KIBIBYTE)).isZero();
        assertThat(produces("bob", "two", 5 * KIBIBYTE)).isZero();
        assertThat(produces("bob", "two", KIBIBYTE)).isPositive();
    }

    @Test
    void whatIsSetAnewCountsAtOnceForWhatHasBeenHad() {
        assertThat(quotas.any()).isFalse();
        set("clients/app", "producer_byte_rate", "1024");
        assertThat(quotas.any()).isTrue();
        assertThat(produces("alice", "app", 11 * KIBIBYTE)).isPositive();
        set("clients/app", "producer_byte_rate", "2048");
        assertThat(produces("alice", "app", 0)).isZero();
        set("clients/app", "producer_byte_rate", "512");
        assertThat(produces("alice", "app", 0)).isPositive();
        set("clients/app");
        assertThat(quotas.any()).isFalse();
        assertThat(request(ApiKey.PRODUCE, 9, "alice", "app")).isNull();
    }

    @Test
    void aConsumerThatIsToRestHasHadNothing() {
        set("clients/app", "consumer_byte_rate", "1024");
        ClientCharge fetch = request(ApiKey.FETCH, 12, "alice", "app");
        assertThat(fetch.mostFetchBytes()).isEqualTo(10 * KIBIBYTE);
        assertThat(fetch.fetched(10 * KIBIBYTE)).isZero();
        fetch = request(ApiKey.FETCH, 12, "alice", "app");
        assertThat(fetch.fetched(2 * KIBIBYTE)).isEqualTo(2_000);
        assertThat(fetch.answered()).as("the same request").isEqualTo(2_000);
        world.advanceMs(10_000);
        assertThat(request(ApiKey.FETCH, 12, "alice", "app").fetched(KIBIBYTE))
                .as("paid for")
                .isZero();
    }

    @Test
    void theWorkOfThreadsIsCountedAndNobodyRestsLongerThanAWindowForIt() {
        set("clients/app", "request_percentage", "10");
        ClientCharge charge = request(ApiKey.METADATA, 9, "alice", "app");
        world.advanceMs(1_000);
        assertThat(charge.answered()).as("100 in ten seconds").isZero();
        world.advanceMs(50);
        charge.handedOn();
        assertThat(shown("quota.request.rate", "", "app")).isEqualTo(10_448L);
        charge = request(ApiKey.METADATA, 9, "alice", "app");
        assertThat(charge.answered()).isEqualTo(450);
        charge.handedOn();
        charge = request(ApiKey.METADATA, 9, "alice", "app");
        world.advanceMs(900);
        assertThat(charge.answered()).isEqualTo(1_000);
        charge.handedOn();
        charge = request(ApiKey.LEADER_AND_ISR, 7, "alice", "app");
        assertThat(charge.answered()).as("nobody's work").isZero();
    }

    @Test
    void stretchesOfWorkOnSeveralThreadsAddUp() throws Exception {
        set("clients/app", "request_percentage", "100");
        ClientCharge charge = request(ApiKey.PRODUCE, 9, "alice", "app");
        world.advanceMs(10);
        charge.begins();
        charge.ends();
        charge.handedOn();
        world.advanceMs(1_000);
        Thread owner = new Thread(charge::begins);
        owner.start();
        owner.join();
        Thread other = new Thread(charge::begins);
        other.start();
        other.join();
        world.advanceMs(20);
        charge.ends();
        world.advanceMs(30);
        charge.produced(100, true);
        world.advanceMs(40);
        charge.ends();
        // 10 ms of the first thread, 20 of one of the others and 90 of the other, in 10 s and what has passed of one.
        assertThat(shown("quota.request.rate", "", "app")).isEqualTo(Math.round(12.0 / 10.04 * 1_000));
    }

    @Test
    void aStretchWithinAnotherIsCountedOnce() {
        set("clients/app", "request_percentage", "100");
        ClientCharge charge = request(ApiKey.FETCH, 12, "alice", "app");
        charge.handedOn();
        for (int i = 0; i < 2; i++) {
            charge.begins();
            world.advanceMs(10);
            charge.begins();
            world.advanceMs(20);
            charge.ends();
            world.advanceMs(30);
            charge.ends();
            world.advanceMs(500);
        }
        charge.answered();
        assertThat(shown("quota.request.rate", "", "app")).as("120 ms").isEqualTo(1_200);
    }

    @Test
    void ofProducesThatAreNotAcknowledgedTheWorkDoesNotCount() {
        set("clients/app", "request_percentage", "1", "producer_byte_rate", "1000");
        ClientCharge charge = request(ApiKey.PRODUCE, 9, "alice", "app");
        world.advanceMs(10_000);
        assertThat(charge.produced(100, false)).isZero();
        charge.handedOn();
        assertThat(shown("quota.request.rate", "", "app")).isZero();
    }

    @Test
    void theLongestRestOfAllKindsCounts() {
        set("clients/app", "request_percentage", "1", "producer_byte_rate", "1000");
        ClientCharge charge = request(ApiKey.PRODUCE, 9, "alice", "app");
        world.advanceMs(200);
        assertThat(charge.produced(10_500, true)).as("more work than bytes").isEqualTo(1_000);
        assertThat(shown("quota.request.throttle", "", "app")).isEqualTo(1_000_000);
        assertThat(shown("quota.produce.throttle", "", "app")).isZero();
    }

    @Test
    void whoeverKnowsIsRefusedWhatIsTooMuchAndOthersRestAfterwards() {
        set("users/<default>", "controller_mutation_rate", "1");
        MutationAllowance strict =
                request(ApiKey.CREATE_TOPICS, 6, "alice", "app").mutations(6);
        strict.require(9);
        strict.require(5);
        assertThatThrownBy(() -> strict.require(1))
                .isInstanceOfSatisfying(
                        ApiException.class,
                        refusal -> assertThat(refusal.error()).isEqualTo(ErrorCode.THROTTLING_QUOTA_EXCEEDED));
        world.advanceMs(1_000);
        ClientCharge charge = request(ApiKey.CREATE_TOPICS, 6, "alice", "app");
        assertThat(charge.mutations(6).take(1)).isFalse();
        assertThat(charge.answered()).isEqualTo(2_000);
        world.advanceMs(2_000);
        assertThat(request(ApiKey.DELETE_TOPICS, 5, "alice", "x").mutations(5).take(4))
                .isTrue();
        ClientCharge old = request(ApiKey.CREATE_TOPICS, 5, "alice", "app");
        assertThat(old.mutations(6).take(1)).as("done, and paid for").isTrue();
        world.advanceMs(500);
        assertThat(old.answered()).as("what is left of five seconds").isEqualTo(4_500);
        assertThat(request(ApiKey.CREATE_TOPICS, 6, "bob", "app").mutations(6).take(11))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-5", "NaN", "many", "9223372036854775807", "1e300"})
    void ratesThatNobodyCouldBeHeldToHoldNobodyUp(String rate) {
        set("clients/app", "producer_byte_rate", rate, "consumer_byte_rate", rate);
        assertThat(produces("alice", "app", Integer.MAX_VALUE)).isZero();
        ClientCharge fetch = request(ApiKey.FETCH, 12, "alice", "app");
        assertThat(fetch == null ? 0 : fetch.fetched(Integer.MAX_VALUE)).isZero();
    }

    @Test
    void aWorkOfNothingIsRestedFromForAWindow() {
        set("clients/app", "request_percentage", "0");
        ClientCharge charge = request(ApiKey.METADATA, 9, "alice", "app");
        world.advanceMs(1);
        assertThat(charge.answered()).isEqualTo(1_000);
    }

    @Test
    void whereNothingMayBeChangedNobodyRestsForever() {
        set("clients/app", "controller_mutation_rate", "0");
        ClientCharge charge = request(ApiKey.CREATE_TOPICS, 6, "alice", "app");
        assertThat(charge.mutations(6).take(1)).isTrue();
        assertThat(charge.mutations(6).take(1)).isFalse();
        assertThat(charge.answered()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"NaN", "Infinity", "-Infinity", "1e308"})
    void aRateThatIsNoneLeavesNothingBehind(String rate) {
        set("clients/app", "controller_mutation_rate", rate);
        request(ApiKey.CREATE_TOPICS, 6, "alice", "app").mutations(6).take(1);
        request(ApiKey.CREATE_TOPICS, 6, "alice", "app").mutations(6).take(1);
        set("clients/app", "controller_mutation_rate", "1");
        MutationAllowance allowance =
                request(ApiKey.CREATE_TOPICS, 6, "alice", "app").mutations(6);
        assertThat(allowance.take(12)).isTrue();
        assertThat(allowance.take(1)).isFalse();
    }

    @Test
    void ofALongClientIdLittleIsKept() {
        String name = "a".repeat(20_000);
        set("clients/<default>", "producer_byte_rate", "1024");
        set("clients/" + name + "x", "producer_byte_rate", "512");
        assertThat(produces("alice", name + "x", 6 * KIBIBYTE))
                .as("by what is set for it")
                .isPositive();
        assertThat(produces("alice", name + "y", 10 * KIBIBYTE)).isZero();
        assertThat(produces("alice", name + "z", 10 * KIBIBYTE)).isZero();
        assertThat(produces("alice", name + "y", KIBIBYTE)).isPositive();
        assertThat(shown("quota.produce.rate", "", name + "y")).isNull();
        assertThat(quotas.known(QuotaKind.PRODUCE)).isEqualTo(3);
    }

    @Test
    void noMoreClientsAreKnownThanMayBeAndThoseBeyondShare() {
        set("clients/<default>", "producer_byte_rate", "1024");
        for (int i = 0; i < 10; i++) {
            assertThat(produces("alice", "app-" + i, KIBIBYTE)).isZero();
        }
        assertThat(produces("alice", "late-1", 10 * KIBIBYTE)).isZero();
        assertThat(produces("alice", "late-2", KIBIBYTE)).as("with the other").isPositive();
        assertThat(quotas.known(QuotaKind.PRODUCE)).isEqualTo(10);
        assertThat(produces("alice", "app-0", KIBIBYTE)).isZero();
        world.advanceMs(13_000);
        assertThat(produces("alice", "app-0", 9 * KIBIBYTE)).isZero();
        assertThat(produces("alice", "late-2", KIBIBYTE))
                .as("when the others rest")
                .isZero();
        assertThat(shown("quota.produce.rate", "", "late-2")).isEqualTo(102_400);
        assertThat(shown("quota.produce.rate", "", "app-1")).as("forgotten").isNull();
        assertThat(quotas.known(QuotaKind.PRODUCE)).isLessThanOrEqualTo(10);
        assertThat(produces("alice", "app-0", 2 * KIBIBYTE))
                .as("known all the time")
                .isPositive();
    }

    @Test
    void whoRestsForAnHourIsForgotten() {
        set("clients/<default>", "producer_byte_rate", "1024");
        produces("alice", "app", KIBIBYTE);
        world.advanceMs(3_600_000);
        produces("alice", "other", KIBIBYTE);
        assertThat(shown("quota.produce.rate", "", "app")).isNull();
        assertThat(shown("quota.produce.rate", "", "other")).isPositive();
        assertThat(quotas.known(QuotaKind.PRODUCE)).isEqualTo(1);
    }

    private Long shown(String meter, String user, String clientId) {
        return meters.shown(meter, "user", user, "client-id", clientId);
    }

    /** So that nobody removes the settings of addresses as if they were quotas. */
    @Test
    void settingsOfAddressesAreNobodysQuota() {
        quotas.changed(ClientEntity.of("ips/127.0.0.1"), new TreeMap<>(Map.of("producer_byte_rate", "1")));
        assertThat(quotas.any()).isFalse();
    }
}
