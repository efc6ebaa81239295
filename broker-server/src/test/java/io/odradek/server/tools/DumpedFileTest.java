package io.odradek.server.tools;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class DumpedFileTest {
    @Test
    void a_segment_that_a_recovery_has_left_out_is_shown_as_a_log() {
        DumpedFile file = DumpedFile.of(Path.of("t-0/00000000000000000005.log.left-out.12"));
        assertThat(file.kind()).isEqualTo(FileKind.LOG);
        assertThat(file.baseOffset()).isEqualTo(5);
        assertThat(DumpedFile.of(Path.of("t-0/notes.left-out.12"))).isNull();
    }
}
