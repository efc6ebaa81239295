package io.odradek.server.disk;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** A small file system in memory, mounted for a test and unmounted with it; skips the test where that is not allowed. */
final class SmallDisk implements AutoCloseable {
    private final Path folder;

    private SmallDisk(Path folder) {
        this.folder = folder;
    }

    static SmallDisk mount(Path folder, int mebibytes) throws IOException {
        Files.createDirectories(folder);
        String refusal = run("mount", "-t", "tmpfs", "-o", "size=" + mebibytes + "m", "tmpfs", folder.toString());
        if (refusal != null && System.getenv("CI") == null) {
            System.out.println("SKIPPED: no file system can be mounted here (" + refusal + ")");
            Assumptions.abort("no file system can be mounted: " + refusal);
        }
        if (refusal != null) {
            throw new IOException("With CI set this test must run: " + refusal);
        }
        return new SmallDisk(folder);
    }

    Path folder() {
        return folder;
    }

    void resize(int mebibytes) throws IOException {
        String refusal = run("mount", "-o", "remount,size=" + mebibytes + "m", folder.toString());
        if (refusal != null) {
            throw new IOException(refusal);
        }
    }

    @Override
    public void close() throws IOException {
        String refusal = run("umount", "-l", folder.toString());
        if (refusal != null) {
            throw new IOException(refusal);
        }
    }

    /** {@return null, or what the command says against it} */
    private static String run(String... command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return process.waitFor() == 0 ? null : said.strip();
        } catch (IOException e) {
            return e.getMessage();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "interrupted";
        }
    }
}
