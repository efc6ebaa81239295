package io.odradek.core.coordination;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.odradek.core.coordination.CoordinationStore.CreateMode;
import io.odradek.storage.env.SimulatedWorld;
import io.odradek.storage.io.DiskFullException;
import io.odradek.storage.io.FaultingFileSystem;
import io.odradek.storage.io.LogFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The tree with a copy of its journal in each of three log folders. */
class JournalCopiesTest {
    private static final List<Path> FOLDERS = List.of(Path.of("/a"), Path.of("/b"), Path.of("/c"));
    private static final int LIVES = 300;

    private final long seed = SimulatedWorld.seedFromSystem();
    private final FaultingFileSystem files = new FaultingFileSystem(seed);

    /** One life of a broker, in which disks fail and fill. */
    private final class Life {
        private final SimulatedWorld world = new SimulatedWorld(0);
        private final TreeSet<Path> offline = new TreeSet<>();
        private final InProcessCoordinationStore store;
        private final InProcessSession session;
        private int acknowledged;

        Life(List<Path> folders) throws IOException {
            this(folders, new JournalSettings(true, 300, 1000));
        }

        Life(List<Path> folders, JournalSettings settings) throws IOException {
            store = InProcessCoordinationStore.open(
                    world.newLoop("store"),
                    world.newLoop("log-io")::post,
                    files,
                    folders,
                    this::failed,
                    folder -> !offline.contains(folder),
                    settings);
            session = store.openSession(world.newLoop("broker"));
        }

        private void failed(Path folder, IOException cause) {
            if (!(cause instanceof DiskFullException)) {
                offline.add(folder);
            }
        }

        void set(int number) {
            byte[] data = Integer.toString(number).getBytes(StandardCharsets.UTF_8);
            session.set("/n", data, CoordinationStore.ANY_VERSION).thenAccept(done -> acknowledged = number);
            world.runUntilIdle();
        }

        int read() {
            int[] found = {-1};
            session.get("/n")
                    .thenAccept(node -> found[0] = Integer.parseInt(new String(node.data(), StandardCharsets.UTF_8)));
            world.runUntilIdle();
            return found[0];
        }

        boolean has(String path) {
            boolean[] found = new boolean[1];
            session.get(path).thenAccept(node -> found[0] = true);
            world.runUntilIdle();
            return found[0];
        }

        void end() {
            store.close();
            world.advanceMs(2_000);
        }
    }

    private Life first() throws IOException {
        for (Path folder : FOLDERS) {
            files.createFolders(folder);
        }
        files.forceFolder(Path.of("/"));
        Life life = new Life(FOLDERS);
        life.session.create("/n", "0".getBytes(StandardCharsets.UTF_8), CreateMode.PERSISTENT);
        life.world.runUntilIdle();
        return life;
    }

    @Test
    void whatWasAnsweredIsThereWhileOneCopyOfTheLastLifeIs() throws IOException {
        System.out.println("JournalCopiesTest seed " + seed);
        Random random = new Random(seed);
        first().end();
        int number = 0;
        int known = 0;
        for (int i = 0; i < LIVES; i++) {
            Life life = new Life(FOLDERS);
            assertThat(life.read()).as("life %d, seed %d", i, seed).isBetween(known, number);
            for (int change = random.nextInt(12); change >= 0; change--) {
                trouble(random);
                life.set(++number);
                assertThat(life.acknowledged)
                        .as("one disk is sound, seed %d", seed)
                        .isEqualTo(number);
            }
            known = number;
            files.mend();
            FOLDERS.forEach(folder -> files.capacity(folder, Long.MAX_VALUE));
            switch (random.nextInt(3)) {
                case 0 -> life.end();
                case 1 -> files.kill();
                default -> files.powerLoss(random);
            }
        }
        files.kill();
        files.close();
    }

    /** Breaks or fills disks other than the last, which stays sound. */
    private void trouble(Random random) {
        Path folder = FOLDERS.get(random.nextInt(FOLDERS.size() - 1));
        switch (random.nextInt(8)) {
            case 0 -> files.breakBelow(folder);
            case 1 -> files.capacity(folder, files.usedBytes(folder) + random.nextInt(30));
            case 2 -> files.capacity(folder, Long.MAX_VALUE);
            default -> {
                // All goes well.
            }
        }
    }

    @Test
    void aCopyThatIsMissingOrWasAwayIsWrittenAnew() throws IOException {
        first().end();
        Life without = new Life(FOLDERS.subList(1, 3));
        without.set(1);
        without.end();
        files.delete(FOLDERS.get(1).resolve(JournalCopy.FILE_NAME));
        Life all = new Life(FOLDERS);
        assertThat(all.read()).isEqualTo(1);
        all.set(2);
        all.end();
        for (Path folder : FOLDERS) {
            Life alone = new Life(List.of(folder));
            assertThat(alone.read()).isEqualTo(2);
            alone.end();
        }
        files.close();
    }

    @Test
    void aDamagedCopyIsPassedOverAndTwoAreARefusal() throws IOException {
        first().end();
        damage(FOLDERS.get(0));
        Life life = new Life(FOLDERS.subList(0, 2));
        assertThat(life.read()).isZero();
        life.end();
        damage(FOLDERS.get(1));
        assertThatThrownBy(() -> new Life(FOLDERS.subList(0, 2))).hasMessageContaining("damaged");
        files.close();
    }

    @Test
    void whatCannotBeReadInTheNewestCopyIsTakenFromAnotherOne() throws IOException {
        first().end();
        Life both = new Life(FOLDERS.subList(0, 2), JournalSettings.DURABLE);
        for (int number = 1; number <= 5; number++) {
            both.session.create("/n" + number, new byte[0], CreateMode.PERSISTENT);
            both.world.runUntilIdle();
        }
        both.offline.add(FOLDERS.get(1));
        both.set(6);
        both.set(7);
        both.end();
        Path newest = FOLDERS.get(0).resolve(JournalCopy.FILE_NAME);
        try (LogFile file = files.open(newest)) {
            java.nio.ByteBuffer content = java.nio.ByteBuffer.allocate((int) file.sizeBytes());
            file.read(content, 0);
            int at = new String(content.array(), StandardCharsets.ISO_8859_1).indexOf("/n3");
            file.write(java.nio.ByteBuffer.wrap(new byte[] {1}), at);
        }
        List<String> lines = told(FOLDERS.subList(0, 2));
        assertThat(lines).hasSize(2);
        assertThat(lines.get(0)).contains(newest.toString()).contains("another copy has them");
        assertThat(lines.get(1)).contains(FOLDERS.get(1).toString()).contains("ends at change");
        Life life = new Life(FOLDERS.subList(0, 2));
        assertThat(life.read()).isEqualTo(7);
        assertThat(life.has("/n3")).isTrue();
        life.set(8);
        life.end();
        assertThat(told(FOLDERS.subList(0, 2))).isEmpty();
        files.close();
    }

    private List<String> told(List<Path> folders) throws IOException {
        List<JournalCopy> copies = new ArrayList<>();
        for (Path folder : folders) {
            JournalCopy copy = new JournalCopy(files, folder, JournalSettings.DURABLE);
            copy.open();
            copies.add(copy);
        }
        List<String> lines = JournalHistory.of(copies, copies.get(0)).lines();
        for (JournalCopy copy : copies) {
            copy.close();
        }
        return lines;
    }

    @Test
    void onFullDisksAChangeIsRefusedAndTheNextOneAfterThatIsKept() throws IOException {
        Life life = first();
        life.set(1);
        FOLDERS.forEach(folder -> files.capacity(folder, 0));
        life.set(2);
        life.set(3);
        assertThat(life.acknowledged).isEqualTo(1);
        FOLDERS.forEach(folder -> files.capacity(folder, Long.MAX_VALUE));
        assertThat(life.read()).isEqualTo(1);
        life.set(4);
        assertThat(life.read()).isEqualTo(4);
        FOLDERS.forEach(folder -> files.capacity(folder, 0));
        life.set(5);
        life.end();
        FOLDERS.forEach(folder -> files.capacity(folder, Long.MAX_VALUE));
        Life next = new Life(FOLDERS);
        assertThat(next.read()).isEqualTo(4);
        next.end();
        files.close();
    }

    private void damage(Path folder) throws IOException {
        try (LogFile file = files.open(folder.resolve(JournalCopy.FILE_NAME))) {
            file.write(java.nio.ByteBuffer.wrap(new byte[] {1, 2, 3}), 2);
        }
    }
}
