package io.odradek.core.coordination;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.odradek.core.coordination.CoordinationStore.CreateMode;
import io.odradek.core.coordination.CoordinationStore.Operation;
import io.odradek.storage.env.SimulatedWorld;
import io.odradek.storage.io.FaultingFileSystem;
import io.odradek.storage.io.LogFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class CoordinationJournalTest {
    private static final Path FOLDER = Path.of("/data");
    private static final Path JOURNAL = FOLDER.resolve("coordination.journal");
    private static final JournalSettings SMALL = new JournalSettings(true, 400, 1000);
    private static final int CHANGES = 40;

    private final long seed = SimulatedWorld.seedFromSystem();

    /** One life of a broker on a disk: what it was told is done. */
    private static final class Life {
        private final SimulatedWorld world = new SimulatedWorld(0);
        private final InProcessCoordinationStore store;
        private final CoordinationStore session;
        private final AtomicInteger acknowledged = new AtomicInteger();

        Life(FaultingFileSystem files, JournalSettings settings) throws IOException {
            store = InProcessCoordinationStore.open(
                    world.newLoop("store"), world.newLoop("log-io")::post, files, FOLDER, settings);
            session = store.openSession(world.newLoop("broker"));
        }

        /** Counts up in two nodes that are changed together, by pairs that may share a force. */
        void count(int from) {
            for (int i = from; i <= CHANGES; i++) {
                byte[] data = Integer.toString(i).getBytes(StandardCharsets.UTF_8);
                List<Operation> both = new ArrayList<>();
                for (String path : List.of("/left", "/right")) {
                    both.add(
                            i == 1
                                    ? new Operation.Create(path, data, CreateMode.PERSISTENT)
                                    : new Operation.Set(path, data, i - 2));
                }
                int number = i;
                session.multi(both).thenAccept(done -> acknowledged.set(number));
                if (i % 2 == 0) {
                    world.runUntilIdle();
                }
            }
        }

        int read(String path) {
            List<Integer> found = new ArrayList<>();
            session.get(path).whenComplete((node, error) -> {
                found.add(error == null ? Integer.parseInt(new String(node.data(), StandardCharsets.UTF_8)) : 0);
                if (error == null) {
                    assertThat(node.version()).isEqualTo(found.get(0) - 1);
                }
            });
            world.runUntilIdle();
            return found.get(0);
        }

        void end() {
            store.close();
            world.runUntilIdle();
        }
    }

    private FaultingFileSystem disk() throws IOException {
        FaultingFileSystem files = new FaultingFileSystem(seed);
        files.createFolders(FOLDER);
        files.forceFolder(Path.of("/"));
        return files;
    }

    @Test
    void aRestartFindsEveryPersistentChangeAndNoEphemeralOne() throws IOException {
        try (FaultingFileSystem files = disk()) {
            Life first = new Life(files, SMALL);
            first.session.create("/e", new byte[0], CreateMode.EPHEMERAL);
            first.count(1);
            first.end();
            Life second = new Life(files, SMALL);
            assertThat(second.read("/left")).isEqualTo(CHANGES);
            assertThat(second.read("/right")).isEqualTo(CHANGES);
            assertThat(second.read("/e")).isZero();
            second.end();
        }
    }

    @Test
    void aSequenceGoesOnAfterARestart() throws IOException {
        try (FaultingFileSystem files = disk()) {
            Life first = new Life(files, SMALL);
            first.session.create("/n_", new byte[0], CreateMode.PERSISTENT_SEQUENTIAL);
            first.session.delete("/n_0000000000", 0);
            first.world.runUntilIdle();
            first.end();
            Life second = new Life(files, SMALL);
            List<String> created = new ArrayList<>();
            second.session
                    .create("/n_", new byte[0], CreateMode.PERSISTENT_SEQUENTIAL)
                    .thenAccept(created::add);
            second.world.runUntilIdle();
            assertThat(created).containsExactly("/n_0000000001");
            second.end();
        }
    }

    @Test
    void theJournalIsReplacedByASnapshotWhenItHasGrown() throws IOException {
        try (FaultingFileSystem files = disk()) {
            Life life = new Life(files, SMALL);
            life.count(1);
            life.end();
            try (LogFile file = files.openForRead(JOURNAL)) {
                assertThat(file.sizeBytes()).isLessThan(2L * SMALL.compactAtBytes());
            }
        }
    }

    @Test
    void aKillAtAnyOperationLosesNothingThatWasAnswered() throws IOException {
        crashEverywhere((files, random) -> files.kill());
    }

    @Test
    void aPowerLossAtAnyOperationLosesNothingThatWasAnswered() throws IOException {
        crashEverywhere(FaultingFileSystem::powerLoss);
    }

    private interface Crash {
        void on(FaultingFileSystem files, Random random);
    }

    private void crashEverywhere(Crash crash) throws IOException {
        long operations;
        try (FaultingFileSystem files = disk()) {
            long before = files.operations();
            Life whole = new Life(files, SMALL);
            whole.count(1);
            operations = files.operations() - before;
            whole.end();
        }
        assertThat(operations).isGreaterThan(CHANGES);
        for (int at = 0; at < operations; at++) {
            FaultingFileSystem files = disk();
            files.haltAfter(at);
            int acknowledged = liveUntilItHalts(files);
            crash.on(files, new Random(seed + at));
            Life next = new Life(files, SMALL);
            int found = next.read("/left");
            assertThat(found).as("after operation %d, seed %d", at, seed).isBetween(acknowledged, CHANGES);
            assertThat(next.read("/right")).as("both or neither").isEqualTo(found);
            next.count(found + 1);
            assertThat(next.read("/left")).isEqualTo(CHANGES);
            next.end();
            files.close();
        }
    }

    private static int liveUntilItHalts(FaultingFileSystem files) {
        try {
            Life life = new Life(files, SMALL);
            life.count(1);
            return life.acknowledged.get();
        } catch (IOException e) {
            return 0; // the disk halted before the store was open
        }
    }

    @Test
    void aTornTailIsCutAway() throws IOException {
        try (FaultingFileSystem files = disk()) {
            Life first = new Life(files, JournalSettings.DURABLE);
            first.count(1);
            first.end();
            try (LogFile file = files.open(JOURNAL)) {
                file.truncate(file.sizeBytes() - 3);
            }
            Life second = new Life(files, JournalSettings.DURABLE);
            int found = second.read("/left");
            assertThat(found).isBetween(CHANGES - 2, CHANGES - 1);
            assertThat(second.read("/right")).isEqualTo(found);
            second.count(found + 1);
            second.end();
            Life third = new Life(files, JournalSettings.DURABLE);
            assertThat(third.read("/left")).isEqualTo(CHANGES);
            third.end();
        }
    }

    @Test
    void aDamagedSnapshotIsARefusalThatNamesTheFile() throws IOException {
        try (FaultingFileSystem files = disk()) {
            Life first = new Life(files, JournalSettings.DURABLE);
            first.count(1);
            first.end();
            try (LogFile file = files.open(JOURNAL)) {
                for (long position : List.of(2L, 30L)) {
                    flip(file, position);
                    assertThatThrownBy(() -> new Life(files, JournalSettings.DURABLE))
                            .isInstanceOf(IOException.class)
                            .hasMessageContaining(JOURNAL.toString())
                            .hasMessageContaining("damaged");
                    flip(file, position);
                }
            }
            Life mended = new Life(files, JournalSettings.DURABLE);
            assertThat(mended.read("/left")).isEqualTo(CHANGES);
            mended.end();
        }
    }

    @Test
    void damageInTheMiddleCostsTheChangesThatItHeldAndIsTold() throws IOException {
        try (FaultingFileSystem files = disk()) {
            Life first = new Life(files, JournalSettings.DURABLE);
            first.count(1);
            first.end();
            long damaged;
            try (LogFile file = files.open(JOURNAL)) {
                damaged = file.sizeBytes() / 2;
                flip(file, damaged);
            }
            assertThat(told(files))
                    .singleElement()
                    .asString()
                    .contains(JOURNAL.toString())
                    .contains("is lost");
            Life second = new Life(files, JournalSettings.DURABLE);
            assertThat(second.read("/left")).isEqualTo(CHANGES);
            assertThat(second.read("/right")).isEqualTo(CHANGES);
            assertThat(files.exists(FOLDER.resolve("coordination.journal.damaged")))
                    .isTrue();
            second.session.set("/left", new byte[] {'7'}, CoordinationStore.ANY_VERSION);
            second.world.runUntilIdle();
            second.end();
            assertThat(told(files)).isEmpty();
            Life third = new Life(files, JournalSettings.DURABLE);
            assertThat(third.read("/left")).isEqualTo(7);
            third.end();
        }
    }

    @Test
    void aChangeThatHangsOnALostOneIsLeftOut() throws IOException {
        try (FaultingFileSystem files = disk()) {
            Life first = new Life(files, JournalSettings.DURABLE);
            for (String path : List.of("/first", "/lost", "/lost/below", "/last")) {
                first.session.create(path, "5".getBytes(StandardCharsets.UTF_8), CreateMode.PERSISTENT);
                first.world.runUntilIdle();
            }
            first.end();
            try (LogFile file = files.open(JOURNAL)) {
                ByteBuffer content = ByteBuffer.allocate((int) file.sizeBytes());
                file.read(content, 0);
                String text = new String(content.array(), StandardCharsets.ISO_8859_1);
                flip(file, text.indexOf("/lost"));
            }
            Life second = new Life(files, JournalSettings.DURABLE);
            assertThat(second.read("/last")).isEqualTo(5);
            assertThat(second.read("/lost")).isZero();
            assertThat(second.read("/lost/below")).isZero();
            second.end();
        }
    }

    @Test
    void aLastEntryThatIsThereWholeButUnreadableIsToldAndATornOneIsNot() throws IOException {
        try (FaultingFileSystem files = disk()) {
            Life first = new Life(files, JournalSettings.DURABLE);
            first.count(1);
            first.end();
            try (LogFile file = files.open(JOURNAL)) {
                file.truncate(file.sizeBytes() - 1);
            }
            assertThat(told(files)).isEmpty();
            try (LogFile file = files.open(JOURNAL)) {
                flip(file, file.sizeBytes() - 1);
            }
            assertThat(told(files)).singleElement().asString().contains("The last entry", JOURNAL.toString());
        }
    }

    private static List<String> told(FaultingFileSystem files) throws IOException {
        JournalCopy copy = new JournalCopy(files, FOLDER, JournalSettings.DURABLE);
        copy.open();
        List<String> lines = JournalHistory.of(List.of(copy), copy).lines();
        copy.close();
        return lines;
    }

    private static void flip(LogFile file, long position) throws IOException {
        ByteBuffer before = ByteBuffer.allocate(1);
        file.read(before, position);
        file.write(ByteBuffer.wrap(new byte[] {(byte) ~before.get(0)}), position);
    }

    @Test
    void anEmptyJournalIsARefusalToo() throws IOException {
        try (FaultingFileSystem files = disk()) {
            files.open(JOURNAL).close();
            assertThatThrownBy(() -> new Life(files, SMALL)).hasMessageContaining("empty");
        }
    }

    @Test
    void withoutForcingAKilledProcessStillLosesNothing() throws IOException {
        JournalSettings unforced = new JournalSettings(false, 400, 1000);
        try (FaultingFileSystem files = disk()) {
            Life first = new Life(files, unforced);
            first.count(1);
            files.kill();
            Life second = new Life(files, unforced);
            assertThat(second.read("/left")).isEqualTo(CHANGES);
            second.end();
        }
    }
}
