package io.odradek.server.tools.dump;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.server.tools.dump.DumpOptions.Contents;
import io.odradek.server.tools.dump.DumpOptions.Decoder;
import io.odradek.server.tools.dump.DumpOptions.Mode;
import io.odradek.storage.io.LogFile;
import io.odradek.storage.io.NioLogFileSystem;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A log that a broker writes while it is shown. */
class GrowingLogTest {
    @TempDir
    Path temporary;

    private final ByteArrayOutputStream shown = new ByteArrayOutputStream();
    private long problems;

    @Test
    void aBatchThatBecameWholeMeanwhileIsShown() throws IOException {
        DumpFolder folder = new DumpFolder(temporary);

        dump(folder, folder.position(4) + 30L, folder.position(4) + 79L);

        assertThat(shown.toString(StandardCharsets.UTF_8)).contains("baseOffset: 7 ");
        assertThat(problems).isZero();
    }

    @Test
    void aBatchThatIsStillBeingWrittenIsNoDamage() throws IOException {
        DumpFolder folder = new DumpFolder(temporary);

        dump(folder, folder.position(4) + 30L, folder.position(4) + 65L, folder.position(4) + 70L);

        assertThat(shown.toString(StandardCharsets.UTF_8))
                .doesNotContain("baseOffset: 7 ")
                .contains("it is being written");
        assertThat(problems).isZero();
    }

    @Test
    void aBatchThatNobodyGoesOnWritingIsDamage() throws IOException {
        DumpFolder folder = new DumpFolder(temporary);

        dump(folder, folder.position(4) + 30L, folder.position(4) + 65L, folder.position(4) + 65L);

        assertThat(problems).isEqualTo(1);
    }

    /** @param sizes what the file's length is each time it is asked for; the last one for good */
    private void dump(DumpFolder folder, Long... sizes) throws IOException {
        DumpOptions options =
                new DumpOptions(Mode.SHOW, Contents.BATCHES, Decoder.NONE, false, Long.MAX_VALUE, 1 << 20);
        TextOutput out = new TextOutput(new LineWriter(shown), options);
        Problems counted = new Problems(out);
        Path path = folder.file(".log");
        try (LogFile file = new NioLogFileSystem().openForRead(path)) {
            new LogDump(options, out, counted)
                    .dump(DumpedFile.of(path), growing(file, List.of(sizes).iterator()));
        }
        out.flush();
        problems = counted.count();
    }

    private static LogFile growing(LogFile file, Iterator<Long> sizes) {
        Object[] last = new Object[1];
        return (LogFile) Proxy.newProxyInstance(
                LogFile.class.getClassLoader(), new Class<?>[] {LogFile.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("sizeBytes")) {
                        last[0] = sizes.hasNext() ? sizes.next() : last[0];
                        return last[0];
                    }
                    try {
                        return method.invoke(file, arguments);
                    } catch (InvocationTargetException failed) {
                        throw failed.getCause();
                    }
                });
    }
}
