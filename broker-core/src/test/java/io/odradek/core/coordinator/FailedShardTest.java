package io.odradek.core.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.coordinator.runtime.CoordinatorRecord;
import io.odradek.core.coordinator.runtime.CoordinatorRuntime;
import io.odradek.core.coordinator.runtime.RecordPosition;
import io.odradek.core.coordinator.runtime.ShardContext;
import io.odradek.core.coordinator.runtime.ShardState;
import io.odradek.core.partition.SimulatedOwnerLoop;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.record.BatchBuilder;
import io.odradek.protocol.record.ControlRecord;
import io.odradek.storage.env.SimulatedWorld;
import io.odradek.storage.log.OldEntries;
import io.odradek.storage.log.OldEntries.OldRecord;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Work that fails costs what waits at its own key; a log that cannot be read in part, or now, is read as far as it can be. */
class FailedShardTest {
    private static final long COMMIT_TIMEOUT_MS = 5_000;
    private static final String POISON = "poison";

    private final SimulatedWorld world = new SimulatedWorld(SimulatedWorld.seedFromSystem());
    private final MemoryPartitionLog log = new MemoryPartitionLog(0);
    private final CoordinatorRuntime<Words> runtime = new CoordinatorRuntime<>(
            "words", world.clock(), COMMIT_TIMEOUT_MS, (partition, context) -> new Words(context));
    private final List<ErrorCode> answers = new ArrayList<>();
    private final List<String> resets = new ArrayList<>();
    private boolean resetFails;

    /** Remembers the words that were written, and by key those who wait for something that never comes. */
    private final class Words implements ShardState {
        private final ShardContext context;
        private final List<String> stored = new ArrayList<>();
        private final TreeMap<String, Consumer<ErrorCode>> waiting = new TreeMap<>();

        Words(ShardContext context) {
            this.context = context;
        }

        void add(String word, Consumer<ErrorCode> settled) {
            context.append(List.of(new CoordinatorRecord(bytes(word), null)), settled);
        }

        @Override
        public void replay(CoordinatorRecord record, RecordPosition position) {
            String word =
                    StandardCharsets.UTF_8.decode(record.key().duplicate()).toString();
            if (word.equals(POISON)) {
                throw new IllegalStateException("unreadable on purpose");
            }
            String of =
                    position.isTransactional() ? " of " + position.producerId() + "/" + position.producerEpoch() : "";
            stored.add(word + "@" + position.offset() + of);
        }

        @Override
        public void endTransaction(long producerId, short producerEpoch, boolean committed) {
            stored.add((committed ? "commit" : "abort") + " of " + producerId + "/" + producerEpoch);
        }

        @Override
        public void activate() {
            resets.clear();
        }

        @Override
        public void reset(String key, ErrorCode reason) {
            if (resetFails) {
                throw new IllegalStateException("on purpose");
            }
            resets.add(key);
            Consumer<ErrorCode> waits = waiting.remove(key);
            if (waits != null) {
                waits.accept(reason);
            }
        }

        @Override
        public void deactivate(ErrorCode reason) {
            waiting.values().forEach(one -> one.accept(reason));
            waiting.clear();
        }
    }

    @BeforeEach
    void elect() {
        runtime.elected(0, new SimulatedOwnerLoop(world.newLoop("owner")), log);
    }

    private void electAgain() {
        runtime.resigned(0);
        elect();
        world.runUntilIdle();
    }

    private void run(String key, Consumer<Words> task) {
        runtime.post(0, key, task, answers::add);
        world.runUntilIdle();
    }

    private void write(String word) {
        run(word, words -> words.add(word, answers::add));
        assertThat(answers).containsExactly(ErrorCode.NONE);
        answers.clear();
    }

    private List<String> stored() {
        List<String> stored = new ArrayList<>();
        run(null, words -> stored.addAll(words.stored));
        return stored;
    }

    private static void fail() {
        throw new IllegalStateException("on purpose");
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void whatAShardIsToldWhileItLoadsIsDoneOnceItHas() {
        write("stored");
        runtime.resigned(0);
        elect();
        List<String> seen = new ArrayList<>();
        runtime.postWhenActive(0, words -> seen.addAll(words.stored));
        world.runUntilIdle();
        assertThat(seen).containsExactly("stored@0");
    }

    @Test
    void aTaskThatFailsIsAnsweredAndItsKeyAloneIsReset() {
        write("stored");
        run("a", words -> words.waiting.put("a", answers::add));
        run("b", words -> words.waiting.put("b", answers::add));

        run("a", words -> fail());

        assertThat(answers).containsExactly(ErrorCode.UNKNOWN_SERVER_ERROR, ErrorCode.COORDINATOR_NOT_AVAILABLE);
        assertThat(resets).containsExactly("a");
        answers.clear();
        write("served at once");
        assertThat(stored()).containsExactly("stored@0", "served at once@1");
        runtime.resigned(0);
        assertThat(answers).as("what waits at b waited on").containsExactly(ErrorCode.NOT_COORDINATOR);
    }

    @Test
    void whatWasAppendedBeforeTheFailureStays() {
        run("a", words -> {
            words.add("appended", settled -> {});
            fail();
        });

        assertThat(answers).containsExactly(ErrorCode.UNKNOWN_SERVER_ERROR);
        assertThat(stored()).containsExactly("appended@0");
    }

    @Test
    void othersThatWaitForTheHighWatermarkAreNotDisturbed() {
        log.commitAtOnce(false);
        run("b", words -> words.add("uncommitted", answers::add));

        run("a", words -> fail());
        assertThat(answers).containsExactly(ErrorCode.UNKNOWN_SERVER_ERROR);
        log.commitAll();

        assertThat(answers).containsExactly(ErrorCode.UNKNOWN_SERVER_ERROR, ErrorCode.NONE);
    }

    @Test
    void aReadThatFailsResetsNothing() {
        run(null, words -> fail());

        assertThat(answers).containsExactly(ErrorCode.UNKNOWN_SERVER_ERROR);
        assertThat(resets).isEmpty();
    }

    @Test
    void whatFailsOnceItIsCommittedIsAnsweredAndResetToo() {
        log.commitAtOnce(false);
        run("a", words -> words.add("word", settled -> fail()));
        assertThat(answers).isEmpty();

        log.commitAll();

        assertThat(answers).containsExactly(ErrorCode.UNKNOWN_SERVER_ERROR);
        assertThat(resets).containsExactly("a");
    }

    @Test
    void aTimerThatFailsResetsTheKeyItWasStartedFor() {
        List<String> fired = new ArrayList<>();
        run("a", words -> {
            words.context.schedule(100, FailedShardTest::fail);
            words.context.schedule(200, () -> fired.add("a"));
        });

        world.advanceMs(201);

        assertThat(resets).containsExactly("a");
        assertThat(fired).containsExactly("a");
    }

    @Test
    void oneKeyOfALargerWorkFailsAloneAndNotBeforeTheWorkIsDone() {
        List<String> done = new ArrayList<>();
        run(null, words -> {
            words.context.on("a", FailedShardTest::fail);
            words.context.on("b", () -> done.add("b after " + resets.size() + " resets"));
        });

        assertThat(answers).isEmpty();
        assertThat(done).containsExactly("b after 0 resets");
        assertThat(resets).containsExactly("a");
    }

    @Test
    void aKeyThatCannotBeResetMakesTheShardReadItsLogAgain() {
        write("stored");
        resetFails = true;
        List<String> fired = new ArrayList<>();
        run("b", words -> {
            words.waiting.put("b", answers::add);
            words.context.schedule(5_000, () -> fired.add("of the former state"));
        });

        run("a", words -> fail());
        assertThat(answers).containsExactly(ErrorCode.UNKNOWN_SERVER_ERROR, ErrorCode.COORDINATOR_NOT_AVAILABLE);
        run("a", words -> fired.add("served while failed"));
        assertThat(answers.get(2)).isEqualTo(ErrorCode.COORDINATOR_NOT_AVAILABLE);
        world.advanceMs(1_001);

        answers.clear();
        write("next");
        assertThat(stored()).containsExactly("stored@0", "next@1");
        world.advanceMs(10_000);
        assertThat(fired).isEmpty();
    }

    @Test
    void aRecordOfItsOwnThatCannotBeReplayedMakesTheShardReadItsLogAgainWithoutIt() {
        write("before");
        run(POISON, words -> words.add(POISON, answers::add));
        assertThat(answers).containsExactly(ErrorCode.COORDINATOR_NOT_AVAILABLE);
        world.advanceMs(1_001);

        answers.clear();
        write("after");
        assertThat(stored()).containsExactly("before@0", "after@2");
    }

    @Test
    void aShardThatResignsWhileItHasFailedStaysAway() {
        resetFails = true;
        run("a", words -> fail());
        runtime.resigned(0);
        world.advanceMs(10_000);
        answers.clear();
        assertThat(stored()).isEmpty();
        assertThat(answers).containsExactly(ErrorCode.NOT_COORDINATOR);
    }

    @Test
    void recordsThatCannotBeReadArePassedOverAtLoad() {
        write("first");
        log.put(new BatchBuilder(1_000)
                .append(0, bytes("same batch"), null)
                .append(0, bytes(POISON), null)
                .append(0, bytes("after it"), null)
                .build());
        ByteBuffer flipped =
                new BatchBuilder(1_000).append(0, bytes("flipped"), null).build();
        flipped.put(flipped.limit() - 3, (byte) ~flipped.get(flipped.limit() - 3));
        log.put(flipped);
        write("last");

        electAgain();

        assertThat(stored()).containsExactly("first@0", "same batch@1", "after it@3", "last@5");
        answers.clear();
        write("new");
    }

    @Test
    void messagesOfOlderFormatsAreReadAsBatchesAre() {
        log.putOld(OldEntries.plain(1, old(0, "plain")));
        log.putOld(OldEntries.gzipped(0, -1, List.of(old(1, "in"), old(2, POISON), old(3, "one"))));
        ByteBuffer flipped = OldEntries.plain(1, old(4, "flipped"));
        flipped.put(flipped.limit() - 5, (byte) ~flipped.get(flipped.limit() - 5));
        log.putOld(flipped);
        log.putOld(OldEntries.gzipped(1, 77, List.of(old(5, "last"))));

        electAgain();

        assertThat(stored()).containsExactly("plain@0", "in@1", "one@3", "last@5");
        answers.clear();
        write("new");
        assertThat(stored()).endsWith("new@6");
    }

    private static OldRecord old(long offset, String word) {
        return new OldRecord(offset, 1_000, word.getBytes(StandardCharsets.UTF_8), null);
    }

    @Test
    void anIoErrorAtLoadIsTriedAgainAndWhatWasReadHalfwayIsForgotten() {
        write("one");
        write("two");
        log.failReplays(3);

        electAgain();

        run("a", words -> {});
        assertThat(answers).containsExactly(ErrorCode.COORDINATOR_NOT_AVAILABLE);
        world.advanceMs(1_000 + 2_000 + 4_000 - 1);
        run("a", words -> {});
        assertThat(answers).containsExactly(ErrorCode.COORDINATOR_NOT_AVAILABLE, ErrorCode.COORDINATOR_NOT_AVAILABLE);
        world.advanceMs(1);
        answers.clear();
        assertThat(stored()).containsExactly("one@0", "two@1");
        write("three");
    }

    @Test
    void aShardIsToldOfTransactionsAndTheirEnds() {
        log.put(transactional(7, "a"));
        log.put(transactional(8, "b"));
        log.put(new ControlRecord(ControlRecord.Type.COMMIT, 0).toBatch(7, (short) 3, 0));
        log.put(new ControlRecord(ControlRecord.Type.ABORT, 0).toBatch(8, (short) 3, 0));
        log.put(new BatchBuilder(1_000)
                .producer(9, (short) 0, 0)
                .append(0, bytes("idempotent"), null)
                .build());

        electAgain();

        assertThat(stored())
                .containsExactly("a@0 of 7/3", "b@1 of 8/3", "commit of 7/3", "abort of 8/3", "idempotent@4");
    }

    private static ByteBuffer transactional(long producerId, String word) {
        return new BatchBuilder(1_000)
                .producer(producerId, (short) 3, 0)
                .transactional()
                .append(0, bytes(word), null)
                .build();
    }
}
