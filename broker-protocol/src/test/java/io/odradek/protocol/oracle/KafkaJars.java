package io.odradek.protocol.oracle;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Kafka's classes of the jars that the build put into a folder, and what they need besides from the test's class path. */
public final class KafkaJars extends URLClassLoader {
    private KafkaJars(URL[] jars) {
        super(jars, ClassLoader.getPlatformClassLoader());
    }

    /** {@return those of a folder of {@code target}} */
    public static KafkaJars in(String folder) throws IOException {
        List<URL> jars = new ArrayList<>();
        try (Stream<Path> files = Files.list(Path.of("target", folder))) {
            for (Path jar : files.sorted().toList()) {
                jars.add(jar.toUri().toURL());
            }
        }
        return new KafkaJars(jars.toArray(new URL[0]));
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        return name.startsWith("org.apache.kafka.")
                ? super.findClass(name)
                : KafkaJars.class.getClassLoader().loadClass(name);
    }
}
