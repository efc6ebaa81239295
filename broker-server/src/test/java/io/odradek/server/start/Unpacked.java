package io.odradek.server.start;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The distribution's tar.gz, unpacked by this user for another one, who may read it: the user {@code nobody} where this process
 * may become that, and otherwise this one, who takes the right to write from itself.
 *
 * @param home what was unpacked
 * @param state a folder that the other one owns
 * @param asOther what comes before a command that the other one runs
 */
record Unpacked(Path home, Path state, List<String> asOther) {
    private static final Path BUILT = Path.of("target").toAbsolutePath();

    /** Unpacks the file that this build has made. */
    static Unpacked into(Path folder) throws IOException, InterruptedException {
        Path opened = folder;
        while (!opened.equals(Path.of(System.getProperty("java.io.tmpdir")).toAbsolutePath())
                && opened.getParent() != null
                && Files.isWritable(opened)) {
            Files.setPosixFilePermissions(opened, PosixFilePermissions.fromString("rwxr-xr-x"));
            opened = opened.getParent();
        }
        Path target = Files.createDirectory(folder.resolve("un packed"));
        Path state = Files.createDirectory(folder.resolve("the state"));
        Scripts shell = new Scripts(folder, Map.of());
        Path tar = Path.of("/bin/tar");
        assertThat(shell.run(tar, "-xzf", packed().toString(), "-C", target.toString())
                        .status())
                .isZero();
        List<String> asNobody =
                List.of("/usr/bin/setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", "--inh-caps=-all");
        boolean other = run(shell, asNobody, "test", "-x", System.getProperty("java.home") + "/bin/java") == 0;
        if (other) {
            run(shell, List.of(), "chown", "nobody", state.toString());
        }
        Path home = only(target);
        run(shell, List.of(), "chmod", "-R", "a-w", home.toString());
        return new Unpacked(home, state, other ? asNobody : List.of());
    }

    private static int run(Scripts shell, List<String> before, String... command)
            throws IOException, InterruptedException {
        List<String> all = Stream.concat(before.stream(), Stream.of(command)).toList();
        if (!before.isEmpty() && !Files.isExecutable(Path.of(all.get(0)))) {
            return 1;
        }
        return shell.run(Path.of("/usr/bin/env"), all.toArray(String[]::new)).status();
    }

    private static Path packed() throws IOException {
        try (Stream<Path> files = Files.list(BUILT)) {
            return files.filter(file -> file.getFileName().toString().matches("odradek-.*\\.tar\\.gz"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static Path only(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> all = files.toList();
            assertThat(all).hasSize(1);
            return all.get(0);
        }
    }

    /** {@return all that is in it, in order} */
    List<String> files() throws IOException {
        try (Stream<Path> files = Files.walk(home)) {
            return files.map(file -> home.relativize(file).toString()).sorted().toList();
        }
    }

    /** Has the other one run one of its scripts, and waits for its end. */
    Scripts.Result run(Map<String, String> environment, String script, String... arguments)
            throws IOException, InterruptedException {
        Stream<String> command = Stream.concat(
                asOther.stream(),
                Stream.concat(Stream.of(home.resolve("bin").resolve(script).toString()), Stream.of(arguments)));
        return new Scripts(state, environment).run(Path.of("/usr/bin/env"), command.toArray(String[]::new));
    }

    /** Lets whoever cleans up take it away. */
    void release() throws IOException, InterruptedException {
        run(new Scripts(state, Map.of()), List.of(), "chmod", "-R", "u+w", home.toString());
    }
}
