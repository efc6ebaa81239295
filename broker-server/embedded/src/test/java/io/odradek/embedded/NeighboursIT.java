package io.odradek.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.common.KeyValue;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.errors.UnsupportedCompressionTypeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The jar beside what embedders have anyway, in old versions and new ones, on the class path and the module path. */
class NeighboursIT {
    private static final List<String> CODECS = List.of("gzip", "lz4", "none", "snappy", "zstd");

    @ParameterizedTest
    @ValueSource(strings = {"2.5.0", "3.9.2", "4.4.0-slf4j-2"})
    void aBrokerServesOnTheClassPathBesideTheseVersions(String version) throws Exception {
        List<Path> path = new ArrayList<>(OneJar.neighbours(version));
        path.add(OneJar.JAR);
        path.add(OneJar.target().resolve("test-classes"));

        assertThat(OneJar.run("java", program(List.of("-cp", OneJar.path(path)), RoundTrip.class.getName())))
                .contains("the broker is in unnamed module", "read " + CODECS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2.5.0", "3.9.2", "4.4.0-slf4j-2"})
    void clientsOfTheseVersionsLogInThroughTls(String version) throws Exception {
        List<Path> path = new ArrayList<>(OneJar.neighbours(version));
        path.add(OneJar.JAR);
        path.add(OneJar.target().resolve("test-classes"));
        List<String> command = new ArrayList<>(List.of("-cp", OneJar.path(path), GuardedRoundTrip.class.getName()));
        command.addAll(List.of("PLAIN", "SCRAM-SHA-512", "OAUTHBEARER"));

        assertThat(OneJar.run("java", command))
                .contains(
                        "PLAIN over SASL_SSL read [none]",
                        "SCRAM-SHA-512 over SASL_SSL read [none]",
                        "OAUTHBEARER over SASL_SSL read [none]",
                        "refused with SslAuthenticationException");
    }

    @Test
    void anEmbeddersRegistryIsCountedIn() throws Exception {
        List<Path> path = new ArrayList<>(OneJar.neighbours("4.4.0"));
        path.add(OneJar.JAR);
        path.add(OneJar.target().resolve("test-classes"));
        for (Class<?> micrometers : List.of(MeterRegistry.class, KeyValue.class)) {
            path.add(Path.of(micrometers
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI()));
        }

        assertThat(OneJar.run("java", program(List.of("-cp", OneJar.path(path)), Metered.class.getName())))
                .contains("counted 1.0");
    }

    @Test
    void requiresAloneIsEnoughForAModule(@TempDir Path module) throws Exception {
        List<Path> path = new ArrayList<>(OneJar.neighbours("4.4.0-slf4j-2"));
        path.add(OneJar.JAR);
        compile(path, module);
        path.add(module);

        // The client cannot find zstd on the module path by itself, which is a module that nobody requires.
        List<String> options = List.of("-p", OneJar.path(path), "--add-modules", "com.github.luben.zstd_jni", "-m");
        assertThat(OneJar.run("java", program(options, "io.odradek.embedder/" + RoundTrip.class.getName())))
                .contains("the broker is in module io.odradek.embedded", "read " + CODECS);
    }

    /** As build tools lay it out: on the module path what somebody requires, on the class path the rest. */
    @Test
    void aModuleFindsCodecsOnTheClassPath(@TempDir Path module) throws Exception {
        List<Path> required = new ArrayList<>(List.of(OneJar.JAR));
        List<Path> rest = new ArrayList<>();
        for (Path jar : OneJar.neighbours("4.4.0")) {
            String name = jar.getFileName().toString();
            (name.startsWith("kafka-clients") || name.startsWith("slf4j") ? required : rest).add(jar);
        }
        compile(required, module);
        required.add(module);

        List<String> options = List.of("-cp", OneJar.path(rest), "-p", OneJar.path(required), "-m");
        assertThat(OneJar.run("java", program(options, "io.odradek.embedder/" + RoundTrip.class.getName())))
                .contains("the broker is in module io.odradek.embedded", "read " + CODECS);
    }

    @Test
    void aCodecThatIsMissingIsNamedToItsClientAndCostsNoOtherRecord() throws Exception {
        List<URL> urls = new ArrayList<>(List.of(OneJar.JAR.toUri().toURL()));
        for (Path jar : OneJar.neighbours("4.4.0")) {
            if (jar.getFileName().toString().matches("(slf4j|lz4).*")) {
                urls.add(jar.toUri().toURL());
            }
        }
        try (URLClassLoader withoutMost =
                new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
            Class<?> type = withoutMost.loadClass("io.odradek.server.embedded.EmbeddedBroker");
            Object broker = type.getMethod("start").invoke(null);
            try {
                String servers = (String) type.getMethod("bootstrapServers").invoke(broker);
                RoundTrip.write(servers, "gzip");
                assertRefused(servers, "zstd", "com.github.luben:zstd-jni");
                assertRefused(servers, "snappy", "org.xerial.snappy:snappy-java");
                RoundTrip.write(servers, "lz4");

                TreeSet<String> read = new TreeSet<>();
                RoundTrip.read(servers, 2, read);
                assertThat(read).containsExactly("gzip", "lz4");
            } finally {
                type.getMethod("close").invoke(broker);
            }
        }
    }

    private static void assertRefused(String servers, String codec, String jar) {
        assertThatThrownBy(() -> RoundTrip.write(servers, codec))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOf(UnsupportedCompressionTypeException.class)
                .hasMessageContaining("compressed with " + codec)
                .hasMessageContaining(jar + " is not on its class path");
    }

    private static void compile(List<Path> path, Path module) throws Exception {
        Path sources = OneJar.sources().resolve("test");
        OneJar.run(
                "javac",
                List.of(
                        "-d",
                        module.toString(),
                        "-p",
                        OneJar.path(path),
                        sources.resolve("modules/client/module-info.java").toString(),
                        sources.resolve("java/io/odradek/embedded/RoundTrip.java")
                                .toString()));
        assertThat(Files.exists(module.resolve("module-info.class"))).isTrue();
    }

    private static List<String> program(List<String> options, String main) {
        List<String> arguments = new ArrayList<>(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
        arguments.addAll(options);
        arguments.add(main);
        arguments.addAll(CODECS);
        return arguments;
    }
}
