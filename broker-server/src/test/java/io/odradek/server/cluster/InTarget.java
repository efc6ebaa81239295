package io.odradek.server.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDirFactory;

/** Folders under {@code target}, where the logs of processes are found after a failure. */
public class InTarget implements TempDirFactory {
    @Override
    public Path createTempDirectory(AnnotatedElementContext element, ExtensionContext context) throws IOException {
        Path parent = Files.createDirectories(Path.of("target", "clusters").toAbsolutePath());
        return Files.createTempDirectory(parent, context.getRequiredTestClass().getSimpleName() + "-");
    }
}
