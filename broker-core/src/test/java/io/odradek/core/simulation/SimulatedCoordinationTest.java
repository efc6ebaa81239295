package io.odradek.core.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.coordination.CoordinationException;
import io.odradek.core.coordination.CoordinationException.Reason;
import io.odradek.core.coordination.CoordinationSession;
import io.odradek.core.coordination.CoordinationStore.CreateMode;
import io.odradek.storage.env.SimulatedLoop;
import io.odradek.storage.env.SimulatedWorld;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SimulatedCoordinationTest {
    private static final int SESSION_MS = 6_000;
    private static final byte[] DATA = {1};

    private final SimulatedWorld world = new SimulatedWorld(SimulatedWorld.seedFromSystem());
    private final SimulatedNetwork network = new SimulatedNetwork(world);
    private final SimulatedCoordination ensemble = new SimulatedCoordination(world, network, SESSION_MS);
    private final SimulatedNode ensembleNode = network.node(SimulatedCoordination.NODE);
    private final SimulatedNode broker = network.node("broker-1");
    private final SimulatedLoop process = world.newLoop("process");
    private final SimulatedLoop loop = world.newLoop("loop");
    private final List<String> news = new ArrayList<>();
    private CoordinationSession session;

    @BeforeEach
    void openSession() {
        session = await(open());
        loop.post(() -> session.onSessionExpired(() -> news.add("expired")));
        await(session.create("/live", DATA, CreateMode.EPHEMERAL));
    }

    private CompletionStage<SimulatedSession> open() {
        return ensemble.connect(broker, new SimulatedConnection.Loops(process, loop));
    }

    private <T> T await(CompletionStage<T> stage) {
        CompletableFuture<T> future = stage.toCompletableFuture();
        world.runUntil(future::isDone, 60_000);
        return future.join();
    }

    private Reason failure(CompletionStage<?> stage) {
        try {
            await(stage);
            return null;
        } catch (CompletionException e) {
            return ((CoordinationException) e.getCause()).reason();
        }
    }

    private boolean isLive() {
        return ensemble.tree().data("/live") != null;
    }

    private void block() {
        network.block(broker, ensembleNode);
        network.block(ensembleNode, broker);
    }

    private void unblock() {
        network.unblock(broker, ensembleNode);
        network.unblock(ensembleNode, broker);
    }

    @Test
    void aSessionThatIsHeardOfLives() {
        world.advanceMs(20 * SESSION_MS);
        assertThat(isLive()).isTrue();
        assertThat(news).isEmpty();
    }

    @Test
    void aSessionThatIsNotHeardOfExpiresAndItsBrokerLearnsOfItWhenTheWayIsFree() {
        block();
        world.advanceMs(2 * SESSION_MS);
        assertThat(isLive()).isFalse();
        assertThat(news).isEmpty();
        unblock();
        world.advanceMs(SESSION_MS);
        assertThat(news).containsExactly("expired");
        assertThat(failure(session.get("/live"))).isEqualTo(Reason.SESSION_EXPIRED);
    }

    @Test
    void oneThatIsOnlyHeardLivesOnAndConnectsAgain() {
        network.block(ensembleNode, broker);
        CompletionStage<String> lost = session.create("/other", DATA, CreateMode.PERSISTENT);
        world.advanceMs(3 * SESSION_MS);
        assertThat(isLive()).isTrue();
        assertThat(ensemble.tree().data("/other")).isNotNull();
        network.unblock(ensembleNode, broker);
        assertThat(failure(lost)).isEqualTo(Reason.CONNECTION_LOSS);
        assertThat(await(session.get("/live")).data()).isEqualTo(DATA);
    }

    @Test
    void aProcessThatStandsStillLosesItsSession() {
        process.pause();
        world.advanceMs(2 * SESSION_MS);
        assertThat(isLive()).isFalse();
        process.resume();
        world.advanceMs(SESSION_MS);
        assertThat(news).containsExactly("expired");
    }

    @Test
    void anExpiryOnDemandIsToldAtOnce() {
        ensemble.expire("broker-1");
        world.advanceMs(200);
        assertThat(isLive()).isFalse();
        assertThat(news).containsExactly("expired");
    }

    @Test
    void awayFromTheirEnsembleSessionsDoNotExpire() {
        ensemble.goAway();
        world.advanceMs(5 * SESSION_MS);
        ensemble.comeBack();
        world.advanceMs(SESSION_MS);
        assertThat(isLive()).isTrue();
        assertThat(news).isEmpty();
    }

    @Test
    void ofACutConnectionWritesAreMadeOrNotAndFailEitherWay() {
        int made = 0;
        int lost = 0;
        for (int i = 0; i < 40; i++) {
            String path = "/node-" + i;
            CompletionStage<String> write = session.create(path, DATA, CreateMode.PERSISTENT);
            world.advanceMs(i % 3);
            ensemble.cutConnections("broker-1");
            lost += failure(write) == Reason.CONNECTION_LOSS ? 1 : 0;
            world.advanceMs(1_000);
            made += ensemble.tree().data(path) == null ? 0 : 1;
        }
        assertThat(lost).isPositive();
        assertThat(made).isBetween(40 - lost + 1, 39);
        assertThat(isLive()).isTrue();
    }

    @Test
    void aWatchTellsOfChangesAndAfterEachReconnectionThatAllIsToBeReadAgain() {
        session.watch("/live", () -> news.add("changed"));
        await(session.set("/live", DATA, 0));
        world.advanceMs(200);
        assertThat(news).containsExactly("changed");
        ensemble.cutConnections("broker-1");
        world.advanceMs(2_000);
        assertThat(news).containsExactly("changed", "changed");
        await(session.set("/live", DATA, 1));
        world.advanceMs(200);
        assertThat(news).hasSize(3);
    }

    /** The wish for a watch that comes by a connection of before would take the place of the one that came by the newest. */
    @Test
    void whatComesLateByAnEarlierConnectionIsIgnored() {
        session.watch("/live", () -> news.add("changed"));
        CoordinationSession other =
                await(ensemble.connect(network.node("broker-2"), new SimulatedConnection.Loops(process, loop)));
        for (int i = 0; i < 40; i++) {
            broker.slowDown(500);
            ensemble.cutConnections("broker-1");
            world.advanceMs(400 + 25 * i);
            broker.slowDown(0);
            ensemble.cutConnections("broker-1");
            world.advanceMs(2_000);
            news.clear();
            await(other.set("/live", DATA, i));
            world.advanceMs(200);
            assertThat(news).containsExactly("changed");
        }
    }

    @Test
    void aSessionThatIsClosedTakesItsNodesAway() {
        loop.post(session::close);
        world.advanceMs(200);
        assertThat(isLive()).isFalse();
        assertThat(news).isEmpty();
    }

    @Test
    void noSessionIsOpenedWhereTheEnsembleCannotBeReached() {
        block();
        CompletionStage<SimulatedSession> opened = open();
        world.advanceMs(60_000);
        assertThat(opened.toCompletableFuture().isCompletedExceptionally()).isTrue();
    }
}
