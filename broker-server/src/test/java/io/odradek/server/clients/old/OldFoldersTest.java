package io.odradek.server.clients.old;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class OldFoldersTest {
    @TempDir
    Path folder;

    /** Kafka fills all folders anew. */
    @Test
    @EnabledIfSystemProperty(named = "old.record", matches = "true")
    void record() throws Exception {
        for (OldFolder recorded : OldFolder.ALL) {
            new OldRecorder(recorded, folder.resolve(recorded.toString())).record();
        }
    }
}
