package io.odradek.server.start;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A distribution that is somewhere else than where it was built. */
@DisabledOnOs(OS.WINDOWS)
class DistributionIT {
    /** A blank in the name, on purpose. */
    @TempDir(factory = BlankInTheName.class)
    private Path folder;

    private Path home;
    private Path dist;
    private Scripts scripts;

    @BeforeEach
    void move() throws IOException {
        Path built = Scripts.BIN.getParent();
        home = folder.resolve("moved");
        dist = home.resolve("broker-server/target/dist");
        for (String part : List.of("bin", "config", "broker-server/target/dist")) {
            copy(built.resolve(part), home.resolve(part));
        }
        scripts = new Scripts(
                folder, Map.of("BROKER_LOG_DIR", folder.resolve("logs").toString()));
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                Path copy = to.resolve(file.getFileName());
                if (Files.isDirectory(file)) {
                    copy(file, copy);
                } else {
                    Files.copy(file, copy, StandardCopyOption.COPY_ATTRIBUTES);
                }
            }
        }
    }

    @AfterEach
    void stopWhatRuns() throws Exception {
        if (Files.exists(folder.resolve("logs/broker.pid"))) {
            scripts.run(home.resolve("bin/broker-stop.sh"));
        }
    }

    private List<String> archives() throws IOException {
        try (Stream<Path> files = Files.list(dist)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith("classes-") && name.endsWith(".archive"))
                    .toList();
        }
    }

    @Test
    void itMakesItsArchiveAnewKeepsItsDataTogetherAndKnowsWhenItIsOld() throws Exception {
        int before = archives().size();
        String free;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = "listeners=PLAINTEXT://127.0.0.1:" + socket.getLocalPort();
        }

        Scripts.Result started = scripts.run(home.resolve("bin/broker-start.sh"), "--override", free, "-daemon");

        assertThat(started.status()).as(started.output()).isZero();
        assertThat(started.output())
                .contains("Preparing fast starts")
                .contains("data in " + home.resolve("data") + ", started in ")
                .doesNotContain("started in -")
                .doesNotContain("older than its sources");
        assertThat(archives()).hasSize(before + 1);
        assertThat(scripts.run(home.resolve("bin/broker-stop.sh")).status()).isZero();

        Path source = Files.createDirectories(home.resolve("broker-core/src/main/java"))
                .resolve("Changed.java");
        Files.createFile(source);
        Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(60)));
        Scripts.Result old = scripts.run(home.resolve("bin/broker-start.sh"), "--version");
        assertThat(old.status()).as(old.output()).isZero();
        assertThat(old.output())
                .contains("This build is older than its sources (broker-core/src/main/java/Changed.java)")
                .doesNotContain("Preparing fast starts");
    }
}
