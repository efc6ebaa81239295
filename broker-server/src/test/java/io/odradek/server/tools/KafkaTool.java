package io.odradek.server.tools;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.odradek.server.clients.Peer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Apache Kafka's own tools, in this process, with a class path of their own: the output of many calls can be compared with ours, as
 * none takes a JVM of its own. They write to the standard output of the process, so one is called at a time.
 */
public final class KafkaTool implements AutoCloseable {
    /** What a tool is stopped with where it would end the process. */
    private static final class Ended extends Error {
        private Ended() {
            super(null, null, false, false);
        }
    }

    private final URLClassLoader loader;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    /** What it wants to be done when the process ends, which is done when it ends. */
    private final List<Runnable> hooks = new ArrayList<>();
    /** What it had done when it would have ended the process: some go on, as if something had failed. */
    private ToolCall ended;

    /**
     * The tools of a version.
     *
     * @param version one of those under {@code src/test/peers}
     * @param folder for its logging settings
     */
    public KafkaTool(String version, Path folder) throws Exception {
        List<URL> urls = new ArrayList<>();
        for (String part : new Peer(version, folder).classpath().split(File.pathSeparator)) {
            // Without a binding nothing is logged, so that standard output has results only.
            if (!part.contains("slf4j-reload4j") && !part.contains("log4j-slf4j")) {
                urls.add(new File(part).toURI().toURL());
            }
        }
        loader = new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
        Class<?> exit = loader.loadClass("org.apache.kafka.common.utils.Exit");
        Class<?> procedure = loader.loadClass("org.apache.kafka.common.utils.Exit$Procedure");
        Object ends = Proxy.newProxyInstance(loader, new Class<?>[] {procedure}, (proxy, method, arguments) -> {
            if (ended == null) {
                ended = done((int) arguments[0]);
            }
            throw new Ended();
        });
        exit.getMethod("setExitProcedure", procedure).invoke(null, ends);
        exit.getMethod("setHaltProcedure", procedure).invoke(null, ends);
        Class<?> adder = loader.loadClass("org.apache.kafka.common.utils.Exit$ShutdownHookAdder");
        Object adds = Proxy.newProxyInstance(loader, new Class<?>[] {adder}, (proxy, method, arguments) -> {
            hooks.add((Runnable) arguments[1]);
            return null;
        });
        exit.getMethod("setShutdownHookAdder", adder).invoke(null, adds);
    }

    /** {@return what a tool does with what is piped in} @param mainClass its class */
    public synchronized ToolCall piped(String input, String mainClass, String... arguments) throws Exception {
        InputStream former = System.in;
        System.setIn(new ByteArrayInputStream(input.getBytes(UTF_8)));
        try {
            return call(mainClass, arguments);
        } finally {
            System.setIn(former);
        }
    }

    /** {@return what a tool does} @param mainClass its class */
    public synchronized ToolCall call(String mainClass, String... arguments) throws Exception {
        out.reset();
        err.reset();
        ended = null;
        PrintStream formerOut = System.out;
        PrintStream formerErr = System.err;
        ClassLoader former = Thread.currentThread().getContextClassLoader();
        System.setOut(new PrintStream(out, true, UTF_8));
        System.setErr(new PrintStream(err, true, UTF_8));
        Thread.currentThread().setContextClassLoader(loader);
        try {
            loader.loadClass(mainClass).getMethod("main", String[].class).invoke(null, (Object) arguments);
        } catch (InvocationTargetException failed) {
            if (!(failed.getCause() instanceof Ended)) {
                throw failed;
            }
        } finally {
            hooks.forEach(Runnable::run);
            hooks.clear();
            Thread.currentThread().setContextClassLoader(former);
            System.setOut(formerOut);
            System.setErr(formerErr);
        }
        return ended == null ? done(0) : ended;
    }

    private ToolCall done(int status) {
        return new ToolCall(status, out.toString(UTF_8), withoutLogging(err.toString(UTF_8)));
    }

    /** What the first of its classes to log says of having nothing to log with is not the tool's. */
    private static String withoutLogging(String lines) {
        return lines.replaceAll("(?m)^SLF4J: .*\\R", "");
    }

    @Override
    public void close() throws IOException {
        loader.close();
    }
}
