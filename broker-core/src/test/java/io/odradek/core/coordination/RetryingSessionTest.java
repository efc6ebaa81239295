package io.odradek.core.coordination;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.coordination.CoordinationException.Reason;
import io.odradek.core.coordination.CoordinationStore.CreateMode;
import io.odradek.core.coordination.CoordinationStore.Operation;
import io.odradek.storage.env.SimulatedLoop;
import io.odradek.storage.env.SimulatedWorld;
import io.odradek.storage.io.FaultingFileSystem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RetryingSessionTest {
    private static final Path FOLDER = Path.of("/data");
    private static final long PATIENCE_MS = 10_000;

    private final SimulatedWorld world = new SimulatedWorld(SimulatedWorld.seedFromSystem());
    private final FaultingFileSystem files = new FaultingFileSystem(SimulatedWorld.seedFromSystem());
    private final SimulatedLoop loop = world.newLoop("broker");
    private InProcessCoordinationStore store;
    private InProcessSession others;
    private InProcessSession own;
    private LossySession lossy;
    private RetryingSession session;

    @BeforeEach
    void open() throws IOException {
        files.createFolders(FOLDER);
        store = InProcessCoordinationStore.open(
                world.newLoop("store"), world.newLoop("log-io")::post, files, FOLDER, JournalSettings.DURABLE);
        others = store.openSession(world.newLoop("others"));
        own = store.openSession(loop);
        lossy = new LossySession(own);
        session = new RetryingSession(lossy, loop, world.clock(), PATIENCE_MS);
    }

    @AfterEach
    void close() {
        store.close();
        world.runUntilIdle();
        files.close();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** {@return the outcome, as text} */
    private String outcome(CompletionStage<?> stage) {
        List<String> outcomes = new ArrayList<>();
        stage.whenComplete((value, error) -> outcomes.add(
                error == null
                        ? String.valueOf(value)
                        : ((CoordinationException) (error instanceof CompletionException ? error.getCause() : error))
                                .reason()
                                .toString()));
        world.runUntil(() -> !outcomes.isEmpty(), 60_000);
        return outcomes.get(0);
    }

    private String data(String path) {
        return outcome(others.get(path)
                .thenApply(node -> node.version() + ":" + new String(node.data(), StandardCharsets.UTF_8)));
    }

    private enum Loss {
        CALLS,
        ANSWERS
    }

    private void lose(Loss loss, int count) {
        if (loss == Loss.CALLS) {
            lossy.loseCalls(count);
        } else {
            lossy.loseAnswers(count);
        }
    }

    @ParameterizedTest
    @EnumSource
    void eachWriteIsMadeOnceHoweverItWasLost(Loss loss) {
        for (int count = 0; count < 4; count++) {
            String path = "/" + loss + count;
            lose(loss, count);
            assertThat(outcome(session.create(path, bytes("a"), CreateMode.PERSISTENT)))
                    .isEqualTo(path);
            lose(loss, count);
            assertThat(outcome(session.set(path, bytes("b"), 0))).isEqualTo("1");
            assertThat(data(path)).isEqualTo("1:b");
            lose(loss, count);
            assertThat(outcome(session.multi(List.of(
                            new Operation.Check("/", CoordinationStore.ANY_VERSION),
                            new Operation.Set(path, bytes("c"), 1),
                            new Operation.Create(path + "/x", bytes("0"), CreateMode.EPHEMERAL)))))
                    .isEqualTo("null");
            assertThat(data(path)).isEqualTo("2:c");
            lose(loss, count);
            assertThat(outcome(session.delete(path + "/x", 0))).isEqualTo("null");
            assertThat(outcome(others.children(path))).isEqualTo("[]");
        }
    }

    @ParameterizedTest
    @EnumSource
    void readsAreReadAgain(Loss loss) {
        lose(loss, 3);
        assertThat(outcome(session.children("/"))).isEqualTo("[]");
        lose(loss, 3);
        assertThat(outcome(session.get("/none"))).isEqualTo("NO_NODE");
    }

    @Test
    void aNodeThatATransactionCreatesAndSetsIsKnownByWhatItWasInTheEnd() {
        lossy.loseAnswers(1);
        assertThat(outcome(session.multi(List.of(
                        new Operation.Create("/e", bytes("0"), CreateMode.PERSISTENT),
                        new Operation.Set("/e", bytes("1"), 0)))))
                .isEqualTo("null");
    }

    /** What others have done is told from what was done by the write that was lost. */
    @Test
    void aWriteThatOthersForestalledIsRefused() {
        outcome(others.create("/n", bytes("theirs"), CreateMode.PERSISTENT));
        outcome(others.set("/n", bytes("theirs"), 0));
        for (Loss loss : Loss.values()) {
            lose(loss, 2);
            assertThat(outcome(session.create("/n", bytes("mine"), CreateMode.PERSISTENT)))
                    .isEqualTo("NODE_EXISTS");
            lose(loss, 2);
            assertThat(outcome(session.set("/n", bytes("mine"), 0))).isEqualTo("BAD_VERSION");
            lose(loss, 2);
            assertThat(outcome(session.delete("/n", 0))).isEqualTo("BAD_VERSION");
            lose(loss, 2);
            assertThat(outcome(session.multi(List.of(
                            new Operation.Create("/m", bytes("mine"), CreateMode.PERSISTENT),
                            new Operation.Set("/n", bytes("mine"), 0)))))
                    .isEqualTo("BAD_VERSION");
            assertThat(outcome(others.get("/m"))).isEqualTo("NO_NODE");
        }
        assertThat(data("/n")).isEqualTo("1:theirs");
    }

    @Test
    void aTransactionOfWhichNothingCanBeSeenIsRefusedWhenItsConditionFails() {
        lossy.loseAnswers(1);
        assertThat(outcome(session.multi(List.of(new Operation.Check("/", 7))))).isEqualTo("BAD_VERSION");
    }

    @Test
    void whatIsLostForTooLongIsNotKnown() {
        long beganNs = world.clock().monotonicNs();
        lossy.loseCalls(Integer.MAX_VALUE);
        assertThat(outcome(session.set("/", bytes("x"), 0))).isEqualTo(Reason.CONNECTION_LOSS.toString());
        assertThat(world.clock().monotonicNs() - beganNs)
                .isBetween(PATIENCE_MS * 1_000_000, 2 * PATIENCE_MS * 1_000_000);
    }

    @Test
    void theEndOfTheSessionEndsWhatIsTried() {
        lossy.loseCalls(3);
        CompletionStage<Integer> set = session.set("/", bytes("x"), 0);
        own.expire();
        assertThat(outcome(set)).isEqualTo("SESSION_EXPIRED");
    }

    /** At most the writes without a condition may show that they were made twice. */
    @Test
    void writesWithoutConditionsAreMadeAgain() {
        Function<String, CompletionStage<?>> numbered =
                path -> session.create(path, bytes(""), CreateMode.PERSISTENT_SEQUENTIAL);
        lossy.loseAnswers(1);
        assertThat(outcome(numbered.apply("/n_"))).isEqualTo("/n_0000000001");
        lossy.loseAnswers(1);
        assertThat(outcome(session.set("/", bytes("x"), CoordinationStore.ANY_VERSION)))
                .isEqualTo("2");
    }
}
