package io.odradek.core.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.coordination.ClusterPaths;
import io.odradek.core.coordination.CoordinationStore;
import io.odradek.core.coordination.CoordinationStore.CreateMode;
import io.odradek.core.coordination.InProcessCoordinationStore;
import io.odradek.core.coordination.InProcessSession;
import io.odradek.core.coordination.JournalSettings;
import io.odradek.storage.env.SimulatedLoop;
import io.odradek.storage.env.SimulatedWorld;
import io.odradek.storage.io.FaultingFileSystem;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FailureNewsTest {
    private static final Path FOLDER = Path.of("/a");

    private final SimulatedWorld world = new SimulatedWorld(1);
    private final FaultingFileSystem files = new FaultingFileSystem(1);
    private final SimulatedLoop cluster = world.newLoop("cluster");
    private InProcessCoordinationStore store;
    private InProcessSession session;
    private int attempts;
    private boolean refusing;
    private FailureNews news;

    @BeforeEach
    void openTree() throws IOException {
        files.createFolders(FOLDER);
        files.forceFolder(Path.of("/"));
        store = InProcessCoordinationStore.open(
                world.newLoop("store"),
                world.newLoop("log-io")::post,
                files,
                List.of(FOLDER),
                (folder, cause) -> {},
                folder -> true,
                new JournalSettings(true, 300, 1000));
        session = store.openSession(cluster);
        session.create(ClusterPaths.LOG_DIR_EVENTS, new byte[0], CreateMode.PERSISTENT);
        world.runUntilIdle();
        news = new FailureNews(counting(), 7, cluster, world.clock());
    }

    private CoordinationStore counting() {
        return (CoordinationStore) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {CoordinationStore.class}, (proxy, method, arguments) -> {
                    boolean create = method.getName().equals("create");
                    attempts += create ? 1 : 0;
                    if (create && refusing) {
                        return CompletableFuture.failedStage(new IllegalStateException("in a test"));
                    }
                    return method.invoke(session, arguments);
                });
    }

    @AfterEach
    void close() {
        store.close();
        world.advanceMs(2_000);
        files.close();
    }

    private List<String> told() {
        List<String> found = new ArrayList<>();
        session.children(ClusterPaths.LOG_DIR_EVENTS).thenAccept(found::addAll);
        world.runUntilIdle();
        return found;
    }

    /** What is under way when the disk fills waits with the journal; what comes later is refused. */
    private void fillDisk() {
        files.capacity(FOLDER, files.usedBytes(FOLDER));
        session.create("/filler", new byte[100], CreateMode.PERSISTENT);
        world.runUntilIdle();
    }

    @Test
    void theControllerIsToldOnce() {
        news.announce();
        world.advanceMs(60_000);
        assertThat(told()).hasSize(1);
        assertThat(attempts).isEqualTo(1);
    }

    @Test
    void onAFullDiskItIsTriedAgainUntilThereIsRoom() {
        fillDisk();
        news.announce();
        news.announce();
        world.advanceMs(60_000);
        files.capacity(FOLDER, Long.MAX_VALUE);
        world.advanceMs(20_000);
        assertThat(told()).hasSize(1);
        int needed = attempts;
        assertThat(needed).as("attempts in 80 s").isBetween(2, 20);
        world.advanceMs(60_000);
        assertThat(attempts).isEqualTo(needed);
    }

    @Test
    void howeverLongItIsRefusedItIsTriedAgainEverMoreSlowly() {
        refusing = true;
        news.announce();
        world.advanceMs(10_000);
        assertThat(attempts).isBetween(5, 10);
        int before = attempts;
        world.advanceMs(600_000);
        assertThat(attempts - before).isBetween(58, 62);
        refusing = false;
        world.advanceMs(10_000);
        assertThat(told()).hasSize(1);
    }

    @Test
    void nothingIsTriedOnceTheBrokerLeaves() {
        fillDisk();
        news.announce();
        world.advanceMs(1_000);
        news.stop();
        int before = attempts;
        files.capacity(FOLDER, Long.MAX_VALUE);
        world.advanceMs(60_000);
        assertThat(before).isPositive();
        assertThat(attempts).isEqualTo(before);
        assertThat(told()).isEmpty();
    }
}
