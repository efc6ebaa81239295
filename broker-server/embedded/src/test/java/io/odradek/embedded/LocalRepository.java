package io.odradek.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A local repository of Maven that has the jar of this build, and shares all else with the user's, where what is downloaded
 * stays for the next build: its folders are links to those, where the platform has links.
 */
final class LocalRepository {
    private static final Path USERS = Path.of(System.getProperty("users.repository"));
    private static final Path OWN = OneJar.target().resolve("local-repository");

    private LocalRepository() {}

    static Path make() throws IOException {
        Folders.delete(OWN);
        Files.createDirectories(OWN.resolve("io"));
        if (!System.getProperty("os.name").startsWith("Windows")) {
            link("", List.of("io"));
            link("io", List.of("odradek"));
        }
        install("odradek", OneJar.sources().resolve("../../../pom.xml"), null);
        install("odradek-embedded", OneJar.target().resolve("dependency-reduced-pom.xml"), OneJar.JAR);
        return OWN;
    }

    /** Moves what was downloaded under names that the user's repository did not have, to stay there. */
    static void giveBack() throws IOException {
        giveBack("", List.of("io"));
        giveBack("io", List.of("odradek"));
    }

    private static void giveBack(String folder, List<String> except) throws IOException {
        try (Stream<Path> found = Files.list(OWN.resolve(folder))) {
            for (Path file : found.filter(Files::isDirectory).toList()) {
                Path users = USERS.resolve(folder).resolve(file.getFileName());
                if (!Files.isSymbolicLink(file)
                        && !Files.exists(users)
                        && !except.contains(file.getFileName().toString())) {
                    Files.move(file, users);
                }
            }
        }
    }

    private static void link(String folder, List<String> except) throws IOException {
        Path shared = Files.createDirectories(USERS.resolve(folder));
        try (Stream<Path> found = Files.list(shared)) {
            for (Path file : found.toList()) {
                if (!except.contains(file.getFileName().toString())) {
                    Files.createSymbolicLink(OWN.resolve(folder).resolve(file.getFileName()), file);
                }
            }
        }
    }

    private static void install(String artifact, Path pom, Path jar) throws IOException {
        String version = System.getProperty("embedded.version");
        Path folder = Files.createDirectories(
                OWN.resolve("io/odradek").resolve(artifact).resolve(version));
        Files.copy(pom, folder.resolve(artifact + "-" + version + ".pom"));
        if (jar != null) {
            Files.copy(jar, folder.resolve(artifact + "-" + version + ".jar"));
        }
    }
}
