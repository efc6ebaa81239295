package io.odradek.core.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.coordination.ClusterPaths;
import io.odradek.core.coordination.CoordinationException.Reason;
import io.odradek.core.coordination.CoordinationStore.CreateMode;
import io.odradek.core.coordination.LossySession;
import io.odradek.core.coordination.RetryingSession;
import io.odradek.core.coordination.node.BrokerNode;
import io.odradek.storage.env.SimulatedWorld;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ClusterMembershipTest {
    private MembershipBed bed;

    @BeforeEach
    void open() throws IOException {
        bed = new MembershipBed(SimulatedWorld.seedFromSystem());
    }

    @AfterEach
    void close() {
        bed.close();
    }

    @Test
    void aTermBeginsWithTheRegistrationAndItsEpochIsThatOfTheNode() {
        assertThat(bed.failure(bed.join())).isNull();
        assertThat(bed.told).containsExactly("one begins", "two begins");
        BrokerNode node = BrokerNode.decode(bed.node().data());
        assertThat(node.endpoints()).isEqualTo(MembershipBed.NODE.endpoints());
        assertThat(node.timestampMs()).isPositive();
        assertThat(bed.epochs).containsOnly(bed.node().creation());
        assertThat(bed.membership.brokerEpoch()).isEqualTo(bed.node().creation());
    }

    @Test
    void whenTheSessionExpiresTheTermEndsFirstAndALaterOneBegins() {
        bed.failure(bed.join());
        bed.session.expire();
        bed.world.runUntilIdle();
        assertThat(bed.told).containsExactly("one begins", "two begins", "one ends", "two ends");
        assertThat(bed.node()).isNull();
        assertThat(bed.membership.brokerEpoch()).isEqualTo(ClusterMembership.NO_EPOCH);
        bed.world.advanceMs(1_000);
        assertThat(bed.told.subList(4, 6)).containsExactly("one begins", "two begins");
        assertThat(bed.epochs.get(2))
                .isGreaterThan(bed.epochs.get(0))
                .isEqualTo(bed.node().creation());
    }

    @Test
    void aSessionThatEndsBeforeTheRegistrationIsKnownEndsWhatOthersGaveForItAllTheSame() {
        bed.failure(bed.join());
        bed.sessions = session ->
                new RetryingSession(new LossySession(session).loseAnswers(1_000), bed.loop, bed.world.clock(), 10_000);
        bed.session.expire();
        bed.world.advanceMs(1_000);
        assertThat(bed.node()).isNotNull();
        assertThat(bed.told).endsWith("one ends", "two ends").hasSize(4);
        bed.sessions = session -> session;
        bed.session.expire();
        bed.world.advanceMs(60_000);
        assertThat(bed.told.subList(4, 8)).containsExactly("one ends", "two ends", "one begins", "two begins");
    }

    @Test
    void noSessionIsOpenedBeforeWhatTheLastOneGaveIsGivenUp() {
        bed.failure(bed.join());
        bed.fencingMs = 5_000;
        bed.session.expire();
        bed.world.advanceMs(4_999);
        assertThat(bed.opened).isEqualTo(1);
        bed.world.advanceMs(1_000);
        assertThat(bed.opened).isEqualTo(2);
        assertThat(bed.told.get(5)).isEqualTo("two begins");
    }

    @Test
    void aTreeThatCannotBeReachedAtFirstRefusesTheBroker() {
        bed.reachable = false;
        assertThat(bed.failure(bed.membership.open()))
                .isInstanceOf(IOException.class)
                .hasMessage("nobody answers");
        bed.world.advanceMs(60_000);
        assertThat(bed.opened).isEqualTo(1);
    }

    @Test
    void aTreeThatCannotBeReachedLaterIsTriedAgainAndAgain() {
        bed.failure(bed.join());
        bed.reachable = false;
        bed.session.expire();
        bed.world.advanceMs(60_000);
        assertThat(bed.opened).isBetween(10, 30);
        bed.reachable = true;
        bed.world.advanceMs(6_000);
        assertThat(bed.told)
                .containsExactly("one begins", "two begins", "one ends", "two ends", "one begins", "two begins");
    }

    @Test
    void betweenTwoSessionsTheTreeIsNotThere() {
        assertThat(bed.reason(bed.membership.store().get("/"))).isEqualTo(Reason.SESSION_EXPIRED);
        bed.failure(bed.join());
        assertThat(bed.failure(bed.membership.store().get("/"))).isNull();
        bed.reachable = false;
        bed.session.expire();
        bed.world.runUntilIdle();
        assertThat(bed.reason(bed.membership.store().children("/"))).isEqualTo(Reason.SESSION_EXPIRED);
        bed.reachable = true;
        bed.world.advanceMs(6_000);
        assertThat(bed.failure(bed.membership.store().get("/"))).isNull();
    }

    @Test
    void watchesEndWithTheirTerm() {
        bed.failure(bed.join());
        List<String> changes = new ArrayList<>();
        bed.membership.store().watch(ClusterPaths.BROKER_IDS, () -> changes.add("changed"));
        bed.others.create(ClusterPaths.broker(1), new byte[0], CreateMode.EPHEMERAL);
        bed.world.runUntilIdle();
        assertThat(changes).hasSize(1);
        bed.session.expire();
        bed.world.advanceMs(1_000);
        bed.others.delete(ClusterPaths.broker(1), 0);
        bed.world.runUntilIdle();
        assertThat(changes).hasSize(1);
    }

    @Test
    void theNodeOfAnEarlierLifeIsWaitedFor() {
        bed.others.create(ClusterPaths.broker(MembershipBed.BROKER), MembershipBed.NODE.encode(), CreateMode.EPHEMERAL);
        bed.loop.schedule(MembershipBed.WAIT_MS - 100, bed.others::close);
        CompletionStage<Void> joined = bed.join();
        bed.world.advanceMs(MembershipBed.WAIT_MS - 200);
        assertThat(bed.told).isEmpty();
        assertThat(bed.failure(joined)).isNull();
        assertThat(bed.told).containsExactly("one begins", "two begins");
    }

    @Test
    void anIdThatABrokerHasThatIsAliveIsRefused() {
        bed.others.create(ClusterPaths.broker(MembershipBed.BROKER), MembershipBed.NODE.encode(), CreateMode.EPHEMERAL);
        assertThat(bed.failure(bed.join()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "Broker id 7 is registered by another broker that is alive; give this one its own broker.id");
        assertThat(bed.told).isEmpty();
    }

    @Test
    void aBrokerWhoseIdWasTakenMeanwhileComesBackWhenItIsFree() {
        bed.failure(bed.join());
        bed.reachable = false;
        bed.session.expire();
        bed.world.runUntilIdle();
        bed.others.create(ClusterPaths.broker(MembershipBed.BROKER), MembershipBed.NODE.encode(), CreateMode.EPHEMERAL);
        bed.reachable = true;
        bed.world.advanceMs(20 * MembershipBed.WAIT_MS);
        assertThat(bed.told).containsExactly("one begins", "two begins", "one ends", "two ends");
        bed.others.delete(ClusterPaths.broker(MembershipBed.BROKER), 0);
        bed.world.advanceMs(10_000);
        assertThat(bed.told.subList(4, 6)).containsExactly("one begins", "two begins");
    }

    @Test
    void aRegistrationWhoseAnswersAreLostIsKnownByItsContent() {
        LossySession[] lossy = new LossySession[1];
        bed.sessions = session -> {
            lossy[0] = new LossySession(session).loseAnswers(3);
            return new RetryingSession(lossy[0], bed.loop, bed.world.clock(), 10_000);
        };
        assertThat(bed.failure(bed.join())).isNull();
        assertThat(bed.epochs).containsOnly(bed.node().creation());
    }

    @Test
    void aNodeOfWhichTheBrokerLearnsLateIsItsOwnAsLongAsTheSessionIs() {
        bed.failure(bed.join());
        bed.sessions = session ->
                new RetryingSession(new LossySession(session).loseAnswers(3), bed.loop, bed.world.clock(), 100);
        bed.session.expire();
        bed.world.advanceMs(MembershipBed.WAIT_MS / 2);
        assertThat(bed.told)
                .containsExactly("one begins", "two begins", "one ends", "two ends", "one begins", "two begins");
        assertThat(bed.membership.brokerEpoch()).isEqualTo(bed.node().creation());
    }

    @Test
    void aBrokerThatLeavesIsGoneAndComesBackNoMore() {
        bed.failure(bed.join());
        bed.failure(bed.membership.leave());
        assertThat(bed.told).containsExactly("one begins", "two begins", "one ends", "two ends");
        assertThat(bed.node()).isNull();
        bed.world.advanceMs(60_000);
        assertThat(bed.opened).isEqualTo(1);
    }

    @Test
    void aBrokerThatLeavesWhileItHasNoSessionOpensNoMore() {
        bed.failure(bed.join());
        bed.reachable = false;
        bed.session.expire();
        bed.world.advanceMs(10_000);
        bed.failure(bed.membership.leave());
        int before = bed.opened;
        bed.reachable = true;
        bed.world.advanceMs(60_000);
        assertThat(bed.opened).isEqualTo(before);
        assertThat(bed.node()).isNull();
        assertThat(bed.told).hasSize(4);
    }

    @Test
    void whatCannotBeginInTheFirstTermRefusesTheBroker() {
        bed.refusal = new IllegalStateException("no room");
        assertThat(bed.failure(bed.join())).hasMessage("no room");
    }

    @Test
    void whatCannotBeginInALaterTermHoldsUpNobodyElse() {
        bed.failure(bed.join());
        bed.refusal = new IllegalStateException("no room");
        bed.session.expire();
        bed.world.advanceMs(1_000);
        assertThat(bed.told.subList(4, 6)).containsExactly("one begins", "two begins");
    }

    /** Whenever sessions end and whatever cannot be reached meanwhile, terms follow one another, and the last one stays. */
    @Test
    void throughAnyCourseOfExpiriesTermsFollowOneAnother() throws IOException {
        for (int history = 0; history < 100; history++) {
            long seed = SimulatedWorld.seedFromSystem() + history;
            try (MembershipBed one = new MembershipBed(seed)) {
                runHistory(one, seed);
            }
        }
    }

    private static void runHistory(MembershipBed bed, long seed) {
        Random random = bed.world.newRandom("history");
        bed.sessions = session -> new RetryingSession(
                new LossySession(session).loseAnswers(random.nextInt(4)), bed.loop, bed.world.clock(), 10_000);
        assertThat(bed.failure(bed.join())).isNull();
        for (int event = 0; event < 20; event++) {
            bed.reachable = random.nextInt(3) > 0;
            bed.session.expire();
            bed.world.advanceMs(random.nextInt(random.nextBoolean() ? 20 : 2_000));
        }
        bed.reachable = true;
        bed.world.advanceMs(60_000);
        assertThat(bed.membership.brokerEpoch())
                .as("seed " + seed)
                .isEqualTo(bed.node().creation());
        assertThat(bed.epochs).as("seed " + seed).isSorted();
        assertThat(bed.told.get(bed.told.size() - 1)).as("seed " + seed).isEqualTo("two begins");
        for (int i = 0; i < bed.told.size(); i++) {
            String before = i == 0 ? "two ends" : bed.told.get(i - 1);
            assertThat(List.of(before, bed.told.get(i)).toString())
                    .as("seed " + seed)
                    .isIn(
                            "[two ends, one begins]",
                            "[two ends, one ends]",
                            "[one begins, two begins]",
                            "[two begins, one ends]",
                            "[one begins, one ends]",
                            "[one ends, two ends]");
        }
    }
}
