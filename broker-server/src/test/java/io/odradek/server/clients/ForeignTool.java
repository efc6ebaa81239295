package io.odradek.server.clients;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Clients that are not written in Java, from the system's packages. A test that needs one installs it where it may (as
 * root, on Debian); elsewhere it is skipped with a loud line, but on a build machine ({@code CI} is set) it fails.
 */
public final class ForeignTool {
    private static final long INSTALL_LIMIT_SECONDS = 300;
    private static final String NODE_RDKAFKA = "node-rdkafka@3.6.1";

    private ForeignTool() {}

    /** The path of a command, whose package is installed if need be. */
    public static String command(String command, String debianPackage) throws IOException, InterruptedException {
        String found = onPath(command);
        if (found == null && install(debianPackage)) {
            found = onPath(command);
        }
        return found != null ? found : missing(command, debianPackage);
    }

    /** The system's Python, with a module whose package is installed if need be. */
    public static String pythonWith(String module, String debianPackage) throws IOException, InterruptedException {
        String python = "/usr/bin/python3";
        if (imports(python, module) || (install(debianPackage) && imports(python, module))) {
            return python;
        }
        return missing(module + " for " + python, debianPackage);
    }

    /** The folder with {@code node_modules} of {@code src/test/clients/package.json}. */
    public static Path nodeModules() throws IOException, InterruptedException {
        return TargetLock.alone(() -> nodeModulesIn(Path.of("target", "clients").toAbsolutePath()));
    }

    private static Path nodeModulesIn(Path folder) throws IOException, InterruptedException {
        Files.createDirectories(folder);
        Files.copy(
                Path.of("src", "test", "clients", "package.json"),
                folder.resolve("package.json"),
                StandardCopyOption.REPLACE_EXISTING);
        if (Files.isDirectory(folder.resolve("node_modules/snappyjs"))) {
            return folder;
        }
        String npm = command("npm", "npm");
        if (run(folder, List.of(npm, "install", "--omit=optional", "--no-audit", "--no-fund", "--loglevel=error"))
                != 0) {
            missing("kafkajs and others", "npm");
        }
        return folder;
    }

    /**
     * The folder with a {@code librdkafka.so.1} of version 2.12, built from the source that npm's node-rdkafka carries. With
     * {@code LD_LIBRARY_PATH} set to it, the system's kcat and Python module speak as current clients do.
     */
    static Path currentLibrdkafka() throws IOException, InterruptedException {
        return TargetLock.alone(() -> builtLibrdkafka());
    }

    private static Path builtLibrdkafka() throws IOException, InterruptedException {
        Path folder = Path.of("target", "clients", NODE_RDKAFKA).toAbsolutePath();
        Path source = folder.resolve(Path.of("package", "deps", "librdkafka"));
        Path built = source.resolve("src");
        if (Files.exists(built.resolve("librdkafka.so.1"))) {
            return built;
        }
        String npm = command("npm", "npm");
        String make = command("make", "make");
        command("g++", "g++");
        header("zlib.h", "zlib1g-dev");
        header("zstd.h", "libzstd-dev");
        Files.createDirectories(folder);
        List<String> configure = new ArrayList<>(List.of("bash", "./configure"));
        // Built in seconds, not in a minute: neither is needed here, nor are the libraries that are looked for.
        configure.addAll(List.of("--disable-optimization", "--disable-debug-symbols"));
        configure.addAll(List.of("--disable-ssl", "--disable-gssapi", "--disable-curl"));
        boolean done = run(folder, List.of(npm, "pack", NODE_RDKAFKA, "--silent")) == 0
                && run(folder, List.of("sh", "-c", "tar xzf node-rdkafka-*.tgz")) == 0
                && run(source, configure) == 0
                && run(source, List.of(make, "-C", "src", "-j2", "librdkafka.so.1")) == 0;
        return done ? built : missing("librdkafka of " + NODE_RDKAFKA, "g++");
    }

    /**
     * {@return a program of {@code src/test/clients} in Go, built}
     *
     * @param name its file, without the ending
     * @param library the package of Debian's library that it imports, which is there with all it needs in turn
     * @param importedAs the folder of that library, below where Debian has sources in Go
     */
    public static Path goProgram(String name, String library, String importedAs)
            throws IOException, InterruptedException {
        return TargetLock.alone(() -> builtGoProgram(name, library, importedAs));
    }

    private static Path builtGoProgram(String name, String library, String importedAs)
            throws IOException, InterruptedException {
        Path sources = Path.of("/usr/share/gocode/src", importedAs);
        String go = command("go", "golang-go");
        if (!Files.isDirectory(sources) && !(install(library) && Files.isDirectory(sources))) {
            missing(importedAs, library);
        }
        Path program = Path.of("target", "clients", name).toAbsolutePath();
        Files.createDirectories(program.getParent());
        Path source = Path.of("src", "test", "clients", name + ".go");
        List<String> build = new ArrayList<>(List.of("env", "GO111MODULE=off", "GOPATH=/usr/share/gocode"));
        // Without C there is no zstd, which no program here needs, nor a compiler of C.
        build.add("CGO_ENABLED=0");
        build.addAll(List.of(go, "build", "-o", program.toString(), source.toString()));
        return run(Path.of("."), build) == 0 ? program : missing(name, library);
    }

    private static void header(String name, String debianPackage) throws IOException, InterruptedException {
        Path header = Path.of("/usr/include", name);
        if (!Files.exists(header) && !(install(debianPackage) && Files.exists(header))) {
            missing(name, debianPackage);
        }
    }

    private static boolean imports(String python, String module) throws IOException, InterruptedException {
        return new File(python).canExecute() && run(Path.of("."), List.of(python, "-c", "import " + module)) == 0;
    }

    private static String onPath(String command) {
        for (String folder : System.getenv("PATH").split(File.pathSeparator)) {
            File file = new File(folder, command);
            if (file.canExecute()) {
                return file.getPath();
            }
        }
        return null;
    }

    private static boolean install(String debianPackage) throws IOException, InterruptedException {
        if (onPath("apt-get") == null || !"root".equals(System.getProperty("user.name"))) {
            return false;
        }
        System.err.println("Installing the package " + debianPackage);
        return TargetLock.alone(() -> fetchAndInstall(debianPackage));
    }

    private static boolean fetchAndInstall(String debianPackage) throws IOException, InterruptedException {
        return run(Path.of("."), List.of("apt-get", "install", "-y", "-qq", debianPackage)) == 0
                || (run(Path.of("."), List.of("apt-get", "update", "-qq")) == 0
                        && run(Path.of("."), List.of("apt-get", "install", "-y", "-qq", debianPackage)) == 0);
    }

    private static int run(Path folder, List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(new ArrayList<>(command))
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        Path.of("target", "foreign-tools.log").toFile()))
                .start();
        if (!process.waitFor(INSTALL_LIMIT_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            return -1;
        }
        return process.exitValue();
    }

    private static <T> T missing(String what, String debianPackage) {
        String message =
                "NOT TESTED: " + what + " is missing and could not be installed (package " + debianPackage + ")";
        System.err.println("*** " + message);
        if (System.getenv("CI") != null) {
            throw new AssertionError(message);
        }
        return abort(message);
    }
}
