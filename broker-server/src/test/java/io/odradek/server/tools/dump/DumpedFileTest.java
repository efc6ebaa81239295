package io.odradek.server.tools.dump;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class DumpedFileTest {
    @Test
    void aSegmentThatARecoveryHasLeftOutIsShownAsALog() {
        DumpedFile file = DumpedFile.of(Path.of("t-0/00000000000000000005.log.left-out.12"));
        assertThat(file.kind()).isEqualTo(FileKind.LOG);
        assertThat(file.baseOffset()).isEqualTo(5);
        assertThat(DumpedFile.of(Path.of("t-0/notes.left-out.12"))).isNull();
    }
}
