package io.odradek.core.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.coordinator.runtime.CoordinatorRecord;
import io.odradek.core.coordinator.runtime.CoordinatorRuntime;
import io.odradek.core.coordinator.runtime.ShardContext;
import io.odradek.core.coordinator.runtime.ShardState;
import io.odradek.core.partition.SimulatedOwnerLoop;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.storage.env.SimulatedWorld;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A task that fails takes its shard down as a whole, and the shard comes back with what its log says. */
class FailedShardTest {
    private static final long COMMIT_TIMEOUT_MS = 5_000;

    private final SimulatedWorld world = new SimulatedWorld(SimulatedWorld.seedFromSystem());
    private final MemoryPartitionLog log = new MemoryPartitionLog(0);
    private final CoordinatorRuntime<Words> runtime = new CoordinatorRuntime<>(
            "words", world.clock(), COMMIT_TIMEOUT_MS, (partition, context) -> new Words(context));
    private final List<ErrorCode> answers = new ArrayList<>();

    /** Remembers the words that were written, and those who wait for something that never comes. */
    private static final class Words implements ShardState {
        private final ShardContext context;
        private final List<String> known = new ArrayList<>();
        private final List<Consumer<ErrorCode>> waiting = new ArrayList<>();

        Words(ShardContext context) {
            this.context = context;
        }

        void add(String word, Consumer<ErrorCode> settled) {
            ByteBuffer key = ByteBuffer.wrap(word.getBytes(StandardCharsets.UTF_8));
            context.append(List.of(new CoordinatorRecord(key, null)), settled);
        }

        @Override
        public void replay(CoordinatorRecord record) {
            known.add(StandardCharsets.UTF_8.decode(record.key().duplicate()).toString());
        }

        @Override
        public void activate() {
            known.add("|");
        }

        @Override
        public void deactivate(ErrorCode reason) {
            waiting.forEach(one -> one.accept(reason));
        }
    }

    @BeforeEach
    void elect() {
        runtime.elected(0, new SimulatedOwnerLoop(world.newLoop("owner")), log);
        run(words -> words.add("stored", answers::add));
        assertThat(answers).containsExactly(ErrorCode.NONE);
        answers.clear();
    }

    private void run(Consumer<Words> task) {
        runtime.post(0, task, answers::add);
        world.runUntilIdle();
    }

    private List<String> known() {
        List<String> known = new ArrayList<>();
        run(words -> known.addAll(words.known));
        return known;
    }

    private static void failHalfway(Words words) {
        words.known.add("half");
        throw new IllegalStateException("on purpose");
    }

    @Test
    void whatWasLeftInMemoryIsGoneAndWhatIsInTheLogIsThere() {
        assertThat(known()).containsExactly("|", "stored");
        run(FailedShardTest::failHalfway);
        assertThat(answers).containsExactly(ErrorCode.UNKNOWN_SERVER_ERROR);
        run(words -> words.add("too early", error -> answers.add(ErrorCode.NONE)));
        assertThat(answers.get(1)).isEqualTo(ErrorCode.COORDINATOR_NOT_AVAILABLE);
        world.advanceMs(1_001);
        assertThat(known()).containsExactly("stored", "|");
        run(words -> words.add("next", answers::add));
        assertThat(answers.get(2)).isEqualTo(ErrorCode.NONE);
        assertThat(known()).containsExactly("stored", "|", "next");
    }

    @Test
    void whatWaitsIsAnswered() {
        log.commitAtOnce(false);
        run(words -> words.add("uncommitted", answers::add));
        run(words -> words.waiting.add(answers::add));
        assertThat(answers).isEmpty();
        run(FailedShardTest::failHalfway);
        assertThat(answers)
                .containsExactlyInAnyOrder(
                        ErrorCode.COORDINATOR_NOT_AVAILABLE,
                        ErrorCode.COORDINATOR_NOT_AVAILABLE,
                        ErrorCode.UNKNOWN_SERVER_ERROR);
    }

    @Test
    void aTimerThatFailsDoesTheSameAndFormerTimersDoNotFire() {
        List<String> fired = new ArrayList<>();
        run(words -> {
            words.context.schedule(100, () -> failHalfway(words));
            words.context.schedule(5_000, () -> fired.add("of the former state"));
        });
        world.advanceMs(101);
        run(words -> fired.add("served while failed"));
        assertThat(answers).containsExactly(ErrorCode.COORDINATOR_NOT_AVAILABLE);
        world.advanceMs(10_000);
        assertThat(fired).isEmpty();
        assertThat(known()).containsExactly("stored", "|");
    }

    @Test
    void aShardThatResignsWhileItHasFailedStaysAway() {
        run(FailedShardTest::failHalfway);
        runtime.resigned(0);
        world.advanceMs(10_000);
        answers.clear();
        assertThat(known()).isEmpty();
        assertThat(answers).containsExactly(ErrorCode.NOT_COORDINATOR);
    }
}
