package io.odradek.protocol.processor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * A declaration compiled with the processor, against the sources of the protocol module that it needs.
 *
 * @param source the declaration
 * @param classes the folder with the classes
 * @param errors what the compiler reported as errors or warnings
 */
record Compilation(String source, Path classes, List<Diagnostic<? extends JavaFileObject>> errors) {
    private static final String IMPORTS = "package sample; import io.odradek.protocol.schema.*; "
            + "import io.odradek.protocol.wire.*; import io.odradek.protocol.errors.ErrorCode; "
            + "import io.odradek.protocol.api.*; import java.nio.ByteBuffer; import java.util.List;\n";

    /**
     * Compiles {@code Sample.java} of package {@code sample}; what it imports is added.
     *
     * @param request the declaration in {@code Ask.java}, if there is one
     */
    static Compilation of(Path classes, String declaration, String... request) {
        String source = IMPORTS + declaration;
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(diagnostics, Locale.ROOT, null)) {
            List<JavaFileObject> sources = new ArrayList<>(List.of(file("Sample", source)));
            for (String text : request) {
                sources.add(file("Ask", IMPORTS + text));
            }
            List<String> options = List.of(
                    "-d",
                    classes.toString(),
                    "-sourcepath",
                    "../src/main/java",
                    "-implicit:class",
                    "-Xlint:all,-options,-processing,-serial");
            JavaCompiler.CompilationTask task = compiler.getTask(null, files, diagnostics, options, null, sources);
            task.setProcessors(List.of(new MessageProcessor()));
            task.call();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        List<Diagnostic<? extends JavaFileObject>> errors = new ArrayList<>();
        for (Diagnostic<? extends JavaFileObject> diagnostic : diagnostics.getDiagnostics()) {
            if (diagnostic.getKind() != Diagnostic.Kind.NOTE) {
                errors.add(diagnostic);
            }
        }
        return new Compilation(source, classes, errors);
    }

    private static JavaFileObject file(String name, String source) {
        URI uri = URI.create("string:///sample/" + name + ".java");
        return new SimpleJavaFileObject(uri, JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return source;
            }
        };
    }

    /** Checks that there is one error, on the line that ends in {@code // here}, with this text. */
    void assertRefusedHere(String text) {
        assertThat(errors).hasSize(1);
        Diagnostic<?> error = errors.get(0);
        assertThat(error.getMessage(Locale.ROOT)).contains(text);
        assertThat(source.lines().toList().get((int) error.getLineNumber() - 1)).endsWith("// here");
    }

    /** {@return the compiled classes, after a check that there was no error and no warning} */
    ClassLoader load() throws IOException {
        assertThat(errors).isEmpty();
        return new URLClassLoader(new URL[] {classes.toUri().toURL()}, ClassLoader.getPlatformClassLoader());
    }
}
