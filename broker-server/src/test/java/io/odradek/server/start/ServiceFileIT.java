package io.odradek.server.start;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.server.clients.ForeignTool;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The service as systemd reads it, where that is to be had. */
class ServiceFileIT {
    private static final Path BUILT = Scripts.BIN.getParent();

    @TempDir
    private Path folder;

    @Test
    void systemdUnderstandsAllOfIt() throws Exception {
        Path analyze = Path.of(ForeignTool.command("systemd-analyze", "systemd"));
        String unit = Files.readString(Path.of("src/assembly/install/odradek.service"));
        assertThat(unit).contains("ExecStart=/opt/odradek/bin/broker-start.sh");
        Path installed = Files.createSymbolicLink(folder.resolve("odradek"), BUILT);
        Path file = folder.resolve("odradek.service");
        Files.writeString(file, unit.replace("/opt/odradek", installed.toString()));

        Scripts.Result verified = new Scripts(folder, Map.of()).run(analyze, "verify", file.toString());

        assertThat(verified.status()).as(verified.output()).isZero();
        assertThat(verified.output().lines()).noneMatch(line -> line.contains("odradek"));
    }
}
