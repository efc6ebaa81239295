package io.odradek.storage.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class IoFailuresTest {
    private static final Path PATH = Path.of("folder", "t-0", "0.log");

    @Test
    void tooManyOpenFilesOfTheProcessOrOfTheSystemAreToldFromAFailedDisk() {
        IOException ofProcess = IoFailures.describe(
                "open", PATH, new FileSystemException(PATH.toString(), null, "Too many open files"));
        IOException ofSystem = IoFailures.describe(
                "open", PATH, new FileSystemException(PATH.toString(), null, "Too many open files in system"));
        IOException ofStream = IoFailures.describe("open", PATH, new FileNotFoundException("x (Too many open files)"));

        assertThat(ofProcess)
                .isInstanceOf(OutOfDescriptorsException.class)
                .hasMessageContaining(PATH.toString())
                .hasMessageContaining("ulimit -n");
        assertThat(ofSystem).isInstanceOf(OutOfDescriptorsException.class);
        assertThat(ofStream).isInstanceOf(OutOfDescriptorsException.class);
        assertThat(PassingFailure.is(new IOException("around", ofProcess))).isTrue();
    }

    @Test
    void itStaysSoWhenAForceNeedsAFileThatCannotBeOpened() {
        IOException described =
                IoFailures.describeForce(PATH, new FileSystemException(PATH.toString(), null, "Too many open files"));
        assertThat(described).isInstanceOf(OutOfDescriptorsException.class);
    }

    @Test
    void aFailedDiskIsAFailedDisk() {
        IOException described =
                IoFailures.describe("read", PATH, new FileSystemException(PATH.toString(), null, "Input/output error"));
        assertThat(PassingFailure.is(described)).isFalse();
        assertThat(PassingFailure.is(new DiskFullException("full"))).isTrue();
    }
}
