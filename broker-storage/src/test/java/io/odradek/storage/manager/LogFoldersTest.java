package io.odradek.storage.manager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.odradek.storage.io.FaultingFileSystem;
import io.odradek.storage.io.LogFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LogFoldersTest {
    private final FaultingFileSystem disk = new FaultingFileSystem(1);
    private final Path one = Path.of("/data/one");
    private final Path two = Path.of("/data/two");

    @AfterEach
    void nothingIsLeftOpen() {
        disk.close();
    }

    @Test
    void missingFoldersAreCreatedAndBelongToNobody() throws IOException {
        try (LogFolders folders = LogFolders.open(disk, List.of(one, two))) {
            assertThat(disk.isFolder(two)).isTrue();
            assertThat(folders.paths()).containsExactly(one, two);
            assertThat(folders.clusterId()).isEmpty();
            assertThat(folders.brokerId()).isEqualTo(-1);
        }
    }

    @Test
    void aClaimedFolderKnowsItsBrokerAndClusterAndANewOneIsClaimedWithIt() throws IOException {
        claim(List.of(one), 3, "cluster");
        try (LogFolders folders = LogFolders.open(disk, List.of(two, one))) {
            assertThat(folders.brokerId()).isEqualTo(3);
            assertThat(folders.clusterId()).contains("cluster");
            folders.claim(3, "cluster");
        }
        try (LogFolders folders = LogFolders.open(disk, List.of(two))) {
            assertThat(folders.brokerId()).isEqualTo(3);
        }
    }

    @Test
    void anotherBrokersOrClustersFolderIsRefusedAndSaysWhatToDo() throws IOException {
        claim(List.of(one), 3, "cluster");
        assertThatThrownBy(() -> claim(List.of(two, one), 4, "cluster"))
                .isInstanceOf(LogFolderException.class)
                .hasMessageContainingAll(one.toString(), "broker 3", "broker 4", "set broker.id");
        assertThatThrownBy(() -> claim(List.of(two, one), 3, "other"))
                .isInstanceOf(LogFolderException.class)
                .hasMessageContainingAll(one.toString(), "cluster cluster", "cluster other", "log.dirs");
        assertThat(disk.list(two)).containsExactly(".lock");
    }

    @Test
    void aLockedFolderIsRefusedAndTheOthersAreGivenBack() throws IOException {
        try (LogFolders held = LogFolders.open(disk, List.of(two))) {
            assertThat(held.paths()).hasSize(1);
            assertThatThrownBy(() -> LogFolders.open(disk, List.of(one, two)))
                    .isInstanceOf(LogFolderException.class)
                    .hasMessageContainingAll(two.toString(), "another broker");
            LogFolders.open(disk, List.of(one)).close();
        }
    }

    @Test
    void aFolderNamedTwiceIsRefused() {
        assertThatThrownBy(() -> LogFolders.open(disk, List.of(one, one.resolve("../one"))))
                .isInstanceOf(LogFolderException.class)
                .hasMessageContaining("twice");
    }

    @Test
    void aFileInThePlaceOfAFolderIsRefused() throws IOException {
        disk.createFolders(one.getParent());
        disk.open(one).close();
        assertThatThrownBy(() -> LogFolders.open(disk, List.of(one)))
                .isInstanceOf(LogFolderException.class)
                .hasMessageContaining(one.toString());
    }

    @Test
    void damagedBrokerMetadataIsRefused() throws IOException {
        disk.createFolders(one);
        try (LogFile file = disk.open(one.resolve("meta.properties"))) {
            file.append(ByteBuffer.wrap("version=9".getBytes(StandardCharsets.UTF_8)));
        }
        assertThatThrownBy(() -> LogFolders.open(disk, List.of(one)))
                .isInstanceOf(LogFolderException.class)
                .hasMessageContainingAll("meta.properties", "version \"9\"");
    }

    @Test
    void anyOperationThatFailsTakesItsFolderOfflineAndTheOtherServes() throws IOException {
        LogFolders.open(disk, List.of(one, two)).close();
        long before = disk.operations();
        claim(List.of(one, two), 1, "c");
        long operations = disk.operations() - before;
        for (long failing = 1; failing < operations; failing++) {
            FaultingFileSystem fresh = new FaultingFileSystem(failing);
            fresh.failOperation(failing);
            try (LogFolders folders = LogFolders.open(fresh, List.of(one, two))) {
                folders.claim(1, "c");
                assertThat(folders.online()).hasSize(1);
                LogFolder broken = folders.all().get(folders.all().get(0).online() ? 1 : 0);
                assertThat(broken.failure().orElseThrow())
                        .hasMessageContainingAll(broken.path().toString(), "simulated failure");
            }
            fresh.close();
        }
    }

    @Test
    void anyOperationThatFailsInTheOnlyFolderIsARefusalAndLeavesNothingLocked() throws IOException {
        LogFolders.open(disk, List.of(one)).close();
        long before = disk.operations();
        claim(List.of(one), 1, "c");
        long operations = disk.operations() - before;
        for (long failing = 1; failing < operations; failing++) {
            FaultingFileSystem fresh = new FaultingFileSystem(failing);
            fresh.failOperation(failing);
            assertThatThrownBy(() -> {
                        try (LogFolders folders = LogFolders.open(fresh, List.of(one))) {
                            folders.claim(1, "c");
                        }
                    })
                    .isInstanceOf(LogFolderException.class)
                    .hasMessageContaining("/data/one");
            fresh.close();
        }
    }

    @Test
    void whenNoFolderCanBeUsedOneLineSaysWhyForEach() throws IOException {
        disk.createFolders(one.getParent());
        disk.open(one).close();
        disk.open(two).close();
        assertThatThrownBy(() -> LogFolders.open(disk, List.of(one, two)))
                .isInstanceOf(LogFolderException.class)
                .hasMessageContainingAll(one.toString(), two.toString())
                .hasMessageNotContaining("\n");
    }

    private void claim(List<Path> paths, int brokerId, String clusterId) throws IOException {
        try (LogFolders folders = LogFolders.open(disk, paths)) {
            folders.claim(brokerId, clusterId);
        }
    }
}
