package io.odradek.lambdas;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Makes classes of the lambdas in a jar, once it is built: for a JVM that comes to one for the first time, to link it costs
 * several times as much as to load a class.
 */
public final class LambdasOfJar {
    private static final String CLASS = ".class";

    /** The files of the jar in their order, each new class behind the one that it was in. */
    private final Map<String, byte[]> files = new LinkedHashMap<>();

    private final Map<String, List<String>> nestmates = new HashMap<>();

    private LambdasOfJar() {}

    /** Arguments: the jar, which is replaced. */
    public static void main(String[] arguments) throws IOException {
        rewrite(Path.of(arguments[0]));
    }

    /** Replaces a jar; one whose lambdas are classes already stays as it is. */
    static void rewrite(Path jar) throws IOException {
        LambdasOfJar rewritten = new LambdasOfJar();
        Path anew = jar.resolveSibling(jar.getFileName() + ".new");
        try (ZipFile old = new ZipFile(jar.toFile())) {
            for (ZipEntry file : list(old)) {
                try (InputStream content = old.getInputStream(file)) {
                    rewritten.take(file.getName(), content.readAllBytes());
                }
            }
            rewritten.nestmates.forEach((host, names) -> rewritten.files.computeIfPresent(
                    host + CLASS, (name, bytes) -> ClassWithLambdas.withNestmates(bytes, names)));
            rewritten.write(anew, list(old).get(0));
        }
        Files.move(anew, jar, StandardCopyOption.REPLACE_EXISTING);
    }

    private static List<ZipEntry> list(ZipFile jar) {
        return new ArrayList<>(jar.stream().toList());
    }

    private void take(String name, byte[] bytes) {
        if (!name.endsWith(CLASS)) {
            files.put(name, bytes);
            return;
        }
        ClassWithLambdas read = ClassWithLambdas.of(bytes);
        files.put(name, read.lambdas().isEmpty() ? bytes : read.bytes());
        for (LambdaClass lambda : read.lambdas()) {
            String type = lambda.type().getInternalName();
            files.put(type + CLASS, lambda.bytes());
            nestmates
                    .computeIfAbsent(lambda.nestHost(), host -> new ArrayList<>())
                    .add(type);
        }
    }

    /** @param like whose time all files have, as the build says */
    private void write(Path jar, ZipEntry like) throws IOException {
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(jar))) {
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                ZipEntry entry = new ZipEntry(file.getKey());
                entry.setTimeLocal(like.getTimeLocal());
                out.putNextEntry(entry);
                out.write(file.getValue());
            }
        }
    }
}
