package io.odradek.embedded;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** What an embedder gets: how many jars, how large, and nothing in them that could meet a class of the embedder's. */
class OneJarIT {
    private static final int MOST_JARS = 6;
    private static final long MOST_BYTES = 10 << 20;
    /** A class of it, or a constant that begins as its names do; its own messages may speak of it. */
    private static final Pattern OTHER_NETTY =
            Pattern.compile("(?<!shaded/)io/netty/|\\00.io[.]netty[.]", Pattern.DOTALL);

    @Test
    void anEmbedderGetsFewAndSmallJars() throws Exception {
        List<Path> jars = new ArrayList<>(List.of(OneJar.JAR));
        for (String dependency : requiredDependencies()) {
            String start = dependency.substring(dependency.indexOf(':') + 1);
            jars.addAll(OneJar.neighbours("4.4.0").stream()
                    .filter(jar -> jar.getFileName().toString().startsWith(start))
                    .toList());
        }

        long bytes = 0;
        for (Path jar : jars) {
            bytes += Files.size(jar);
        }
        assertThat(requiredDependencies()).containsExactly("org.slf4j:slf4j-api");
        assertThat(jars).hasSize(2).hasSizeLessThanOrEqualTo(MOST_JARS);
        assertThat(bytes).isLessThanOrEqualTo(MOST_BYTES);
        assertThat(Files.readString(OneJar.readme(), UTF_8))
                .contains("two jars, together less than " + ((bytes >> 20) + 1) + " MiB");
    }

    @Test
    void allOfItsClassesAreInPackagesOfItsOwn() throws Exception {
        try (JarFile jar = new JarFile(OneJar.JAR.toFile())) {
            assertThat(jar.stream().map(JarEntry::getName).filter(name -> name.endsWith(".class")))
                    .hasSizeGreaterThan(1000)
                    .allMatch(name -> name.startsWith("io/odradek/") || name.equals("module-info.class"))
                    .noneMatch(name -> name.startsWith("io/odradek/server/tools"));
            assertThat(jar.stream().map(JarEntry::getName).filter(name -> name.startsWith("META-INF/services/")))
                    .isEmpty();
        }
    }

    /** No name of a class or of a system property is that of another Netty. */
    @Test
    void nothingInItSpeaksOfAnotherNetty() throws Exception {
        try (JarFile jar = new JarFile(OneJar.JAR.toFile())) {
            for (JarEntry entry : jar.stream().toList()) {
                try (InputStream bytes = jar.getInputStream(entry)) {
                    String text = new String(bytes.readAllBytes(), ISO_8859_1);
                    assertThat(entry.getName().endsWith(".class")
                                    && OTHER_NETTY.matcher(text).find())
                            .as(entry.getName())
                            .isFalse();
                }
            }
        }
    }

    @Test
    void itIsAModuleThatNamesWhatItNeeds() {
        ModuleDescriptor module = ModuleFinder.of(OneJar.JAR)
                .find("io.odradek.embedded")
                .orElseThrow()
                .descriptor();

        assertThat(module.isAutomatic()).isFalse();
        assertThat(module.exports())
                .extracting(ModuleDescriptor.Exports::source)
                .contains("io.odradek.server.embedded")
                .noneMatch(name -> name.contains("shaded"));
    }

    @Test
    void itCarriesItsLicenceAndThoseOfWhatIsInIt() throws Exception {
        try (JarFile jar = new JarFile(OneJar.JAR.toFile())) {
            assertThat(text(jar, "META-INF/LICENSE")).contains("Apache License");
            assertThat(text(jar, "META-INF/NOTICE")).contains("Netty", "JCTools", "RE2/J");
            assertThat(text(jar, "META-INF/licenses/LICENSE.re2j")).contains("The Go Authors");
        }
    }

    private static String text(JarFile jar, String name) throws Exception {
        try (InputStream bytes = jar.getInputStream(jar.getEntry(name))) {
            return new String(bytes.readAllBytes(), UTF_8);
        }
    }

    private static List<String> requiredDependencies() throws Exception {
        NodeList dependencies = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(OneJar.target().resolve("dependency-reduced-pom.xml").toFile())
                .getElementsByTagName("dependency");
        List<String> required = new ArrayList<>();
        for (int i = 0; i < dependencies.getLength(); i++) {
            Element dependency = (Element) dependencies.item(i);
            boolean forOthers = List.of("test", "provided").contains(child(dependency, "scope"));
            boolean optional = child(dependency, "optional").equals("true");
            boolean ofBuild =
                    dependency.getParentNode().getParentNode().getNodeName().equals("plugin");
            if (!forOthers && !optional && !ofBuild) {
                required.add(child(dependency, "groupId") + ":" + child(dependency, "artifactId"));
            }
        }
        return required;
    }

    private static String child(Element parent, String name) {
        NodeList found = parent.getElementsByTagName(name);
        return found.getLength() == 0 ? "" : found.item(0).getTextContent();
    }
}
