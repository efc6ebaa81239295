package io.odradek.lambdas;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lambdas of every shape do as classes what they did before. */
class LambdasOfJarTest {
    private static final List<Class<?>> CLASSES = List.of(
            AllLambdas.class,
            AllLambdas.Inner.class,
            AllLambdas.Shape.class,
            AllLambdas.Square.class,
            AllLambdas.Parent.class);
    private static final LocalDateTime BUILT = LocalDateTime.of(2026, 11, 22, 0, 0);

    @TempDir
    Path folder;

    @Test
    void lambdasDoAsClassesWhatTheyDidBefore() throws Exception {
        Path jar = jar("lambdas.jar");
        LambdasOfJar.rewrite(jar);

        assertThat(run(jar)).isEqualTo(new AllLambdas().get()).hasSizeGreaterThan(25);
    }

    @Test
    void noneIsLeftToBeLinkedButThoseThatCanBeSerialized() throws Exception {
        Path jar = jar("lambdas.jar");
        LambdasOfJar.rewrite(jar);

        try (JarFile rewritten = new JarFile(jar.toFile());
                InputStream file = rewritten.getInputStream(rewritten.getEntry(fileName(AllLambdas.class)))) {
            ClassWithLambdas left = ClassWithLambdas.of(file.readAllBytes());
            assertThat(left.lambdas()).isEmpty();
            assertThat(rewritten.stream().map(JarEntry::getName))
                    .anyMatch(name -> name.contains("AllLambdas$$Lambda1"));
        }
        assertThat(run(jar).get("serialized")).isEqualTo("serialized");
    }

    /** The build is reproducible, and a jar may be there already when it is built again. */
    @Test
    void theSameJarComesOfTheSameClasses() throws Exception {
        Path one = jar("one.jar");
        Path other = jar("other.jar");
        LambdasOfJar.rewrite(one);
        LambdasOfJar.rewrite(other);
        assertThat(one).hasSameBinaryContentAs(other);

        LambdasOfJar.rewrite(one);
        assertThat(one).hasSameBinaryContentAs(other);
    }

    @Test
    void stackTracesTellTheLineOfALambda() throws Exception {
        Path jar = jar("lambdas.jar");
        Object before = new AllLambdas().get().get("line");
        LambdasOfJar.rewrite(jar);

        assertThat((Integer) run(jar).get("line")).isPositive().isEqualTo(before);
    }

    private Path jar(String name) throws Exception {
        Path jar = folder.resolve(name);
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(jar))) {
            for (Class<?> type : CLASSES) {
                ZipEntry entry = new ZipEntry(fileName(type));
                entry.setTimeLocal(BUILT);
                out.putNextEntry(entry);
                try (InputStream file = type.getClassLoader().getResourceAsStream(fileName(type))) {
                    file.transferTo(out);
                }
            }
        }
        return jar;
    }

    private static String fileName(Class<?> type) {
        return type.getName().replace('.', '/') + ".class";
    }

    /** Without the classes of this test's class path. */
    @SuppressWarnings("unchecked")
    private static Map<String, Object> run(Path jar) throws Exception {
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {jar.toUri().toURL()}, ClassLoader.getPlatformClassLoader())) {
            return ((Supplier<Map<String, Object>>) loader.loadClass(AllLambdas.class.getName())
                            .getConstructor()
                            .newInstance())
                    .get();
        }
    }
}
