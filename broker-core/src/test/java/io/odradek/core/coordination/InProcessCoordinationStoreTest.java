package io.odradek.core.coordination;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.storage.env.SimulatedLoop;
import io.odradek.storage.env.SimulatedWorld;
import io.odradek.storage.io.FaultingFileSystem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class InProcessCoordinationStoreTest extends CoordinationStoreContract {
    private static final Path FOLDER = Path.of("/data");

    private final SimulatedWorld world = new SimulatedWorld(SimulatedWorld.seedFromSystem());
    private final FaultingFileSystem files = new FaultingFileSystem(SimulatedWorld.seedFromSystem());
    private final SimulatedLoop brokerLoop = world.newLoop("broker");
    private InProcessCoordinationStore store;

    @BeforeEach
    void open() throws IOException {
        files.createFolders(FOLDER);
        store = InProcessCoordinationStore.open(
                world.newLoop("store"), world.newLoop("log-io")::post, files, FOLDER, JournalSettings.DURABLE);
    }

    @AfterEach
    void close() {
        store.close();
        settle();
        files.close();
    }

    @Override
    protected CoordinationStore newSession() {
        return store.openSession(brokerLoop);
    }

    @Override
    protected void expire(CoordinationStore session) {
        ((InProcessSession) session).expire();
        settle();
    }

    @Override
    protected void settle() {
        world.runUntilIdle();
    }

    @Test
    void resultsArriveOnTheSessionsOwnLoop() {
        List<Boolean> inLoop = new ArrayList<>();
        CoordinationStore session = newSession();
        session.get("/").thenAccept(node -> inLoop.add(brokerLoop.inLoop()));
        session.get("/none").whenComplete((node, error) -> inLoop.add(brokerLoop.inLoop()));
        session.watch("/a", () -> inLoop.add(brokerLoop.inLoop()));
        session.create("/a", bytes(""), CoordinationStore.CreateMode.PERSISTENT);
        settle();
        assertThat(inLoop).containsExactly(true, true, true);
    }

    @Test
    void changesThatWaitWhileOneIsForcedAreForcedTogether() throws IOException {
        CoordinationStore session = newSession();
        value(session.create("/a", bytes(""), CoordinationStore.CreateMode.PERSISTENT));
        long before = files.operations();
        for (int i = 0; i < 100; i++) {
            session.create("/a/" + i, bytes(""), CoordinationStore.CreateMode.PERSISTENT);
        }
        settle();
        assertThat(value(session.children("/a"))).hasSize(100);
        // One append and force for the first, one for the 99 that came meanwhile.
        assertThat(files.operations() - before).isLessThanOrEqualTo(4);
    }

    @Test
    void dataBeyondTheBoundIsRefused() {
        byte[] tooLarge = new byte[JournalSettings.DURABLE.maxDataBytes() + 1];
        assertThat(reason(newSession().create("/a", tooLarge, CoordinationStore.CreateMode.PERSISTENT)))
                .isEqualTo(CoordinationException.Reason.DATA_TOO_LARGE);
    }

    @Test
    void whenTheJournalFailsNothingIsAnsweredAsDone() {
        CoordinationStore session = newSession();
        value(session.create("/a", bytes(""), CoordinationStore.CreateMode.PERSISTENT));
        files.failOperation(1);
        assertThat(reason(session.create("/b", bytes(""), CoordinationStore.CreateMode.PERSISTENT)))
                .isEqualTo(CoordinationException.Reason.STORAGE_FAILURE);
        assertThat(reason(session.get("/b"))).isEqualTo(CoordinationException.Reason.STORAGE_FAILURE);
    }

    @Test
    void aDiskThatIsFullFromTheBeginningIsToldInWords() {
        files.diskFullAfter(0);
        List<Throwable> failures = new ArrayList<>();
        newSession()
                .create("/a", bytes(""), CoordinationStore.CreateMode.PERSISTENT)
                .whenComplete((created, failure) -> failures.add(failure));
        settle();
        assertThat(failures).hasSize(1);
        assertThat(failures.get(0).getMessage())
                .startsWith("What the broker has to keep of topics and settings cannot be written: ")
                .endsWith("No space left on device. It was left as it is; make room on that disk");
    }

    @Test
    void onAFullDiskChangesAreRefusedAtOnceAndNothingIsLeftOfThem() throws IOException {
        CoordinationStore session = newSession();
        value(session.create("/a", bytes("1"), CoordinationStore.CreateMode.PERSISTENT));
        List<String> told = new ArrayList<>();
        session.watch("/a", () -> told.add("/a"));
        settle();
        files.capacity(FOLDER, 0);
        var first = session.create("/a/s-", bytes(""), CoordinationStore.CreateMode.PERSISTENT_SEQUENTIAL);
        var second = session.set("/a", bytes("2"), 0);
        var third = session.create("/mine", bytes(""), CoordinationStore.CreateMode.EPHEMERAL);
        var children = session.children("/");
        var read = session.get("/a");
        settle();
        for (var refused : List.of(first, second, third)) {
            assertThat(reason(refused)).isEqualTo(CoordinationException.Reason.STORAGE_FAILURE);
        }
        assertThat(value(read).data()).isEqualTo(bytes("1"));
        assertThat(value(children)).containsExactly("a");
        assertThat(value(session.children("/a"))).isEmpty();
        assertThat(told).isEmpty();

        files.capacity(FOLDER, Long.MAX_VALUE);
        assertThat(value(session.set("/a", bytes("3"), 0))).isEqualTo(1);
        assertThat(value(session.create("/a/s-", bytes(""), CoordinationStore.CreateMode.PERSISTENT_SEQUENTIAL)))
                .isEqualTo("/a/s-0000000000");
        assertThat(told).isNotEmpty();

        store.close();
        settle();
        open();
        CoordinationStore next = newSession();
        assertThat(value(next.get("/a")).data()).isEqualTo(bytes("3"));
        assertThat(value(next.children("/"))).containsExactly("a");
    }

    @Test
    void whatIsAnsweredBeforeTheDiskIsFullIsNotTakenBack() {
        CoordinationStore session = newSession();
        session.create("/a", bytes("1"), CoordinationStore.CreateMode.PERSISTENT);
        var mine = session.create("/mine", bytes(""), CoordinationStore.CreateMode.EPHEMERAL);
        assertThat(value(mine)).isEqualTo("/mine");
        files.capacity(FOLDER, 0);
        assertThat(reason(session.set("/a", bytes("2"), 0))).isEqualTo(CoordinationException.Reason.STORAGE_FAILURE);
        assertThat(value(session.children("/"))).containsExactly("a", "mine");
    }

    @Test
    void aSessionThatEndsWhileTheDiskIsFullLeavesNothingThatIsItsOwn() {
        CoordinationStore session = newSession();
        CoordinationStore other = newSession();
        value(session.create("/a", bytes("1"), CoordinationStore.CreateMode.PERSISTENT));
        value(session.create("/mine", bytes(""), CoordinationStore.CreateMode.EPHEMERAL));
        value(session.create("/gone", bytes(""), CoordinationStore.CreateMode.EPHEMERAL));
        files.capacity(FOLDER, 0);
        var refused = session.multi(List.of(
                new CoordinationStore.Operation.Set("/a", bytes("2"), 0),
                new CoordinationStore.Operation.Delete("/gone", CoordinationStore.ANY_VERSION),
                new CoordinationStore.Operation.Create("/new", bytes(""), CoordinationStore.CreateMode.EPHEMERAL)));
        expire(session);
        assertThat(reason(refused)).isEqualTo(CoordinationException.Reason.STORAGE_FAILURE);
        assertThat(value(other.children("/"))).containsExactly("a");
    }
}
