package io.odradek.server.tools;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.odradek.server.clients.Peer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Apache Kafka's own tools, in this process, with a class path of their own: the output of many calls can be compared with ours, as
 * none takes a JVM of its own. What they read and write is that of the thread which calls them, so one may run beside another.
 */
public final class KafkaTool implements AutoCloseable {
    /** What a tool is stopped with where it would end the process. */
    private static final class Ended extends Error {
        private Ended() {
            super(null, null, false, false);
        }
    }

    /** One call. */
    private static final class Job {
        private final InputStream in;
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();
        private final ByteArrayOutputStream err = new ByteArrayOutputStream();
        /** What it wants to be done when the process ends, which is done when it ends. */
        private final List<Runnable> hooks = new ArrayList<>();
        /** What it had done when it would have ended the process: some go on, as if something had failed. */
        private ToolCall ended;

        private Job(String input) {
            in = new ByteArrayInputStream(input.getBytes(UTF_8));
        }

        private synchronized void end(int status) {
            if (ended == null) {
                ended = new ToolCall(status, out.toString(UTF_8), withoutLogging(err.toString(UTF_8)));
            }
        }
    }

    /** Standard output or error of the process: each thread's own job's. */
    private static final class OfJob extends OutputStream {
        private final PrintStream process;
        private final Function<Job, OutputStream> stream;

        private OfJob(PrintStream process, Function<Job, OutputStream> stream) {
            this.process = process;
            this.stream = stream;
        }

        private OutputStream current() {
            return JOB.get() == null ? process : stream.apply(JOB.get());
        }

        @Override
        public void write(int b) throws IOException {
            current().write(b);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            current().write(bytes, offset, length);
        }
    }

    /** Standard input of the process. */
    private static final class InputOfJob extends InputStream {
        private final InputStream process;

        private InputOfJob(InputStream process) {
            this.process = process;
        }

        private InputStream current() {
            return JOB.get() == null ? process : JOB.get().in;
        }

        @Override
        public int read() throws IOException {
            return current().read();
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            return current().read(bytes, offset, length);
        }
    }

    private static final InheritableThreadLocal<Job> JOB = new InheritableThreadLocal<>();

    private final URLClassLoader loader;
    /** Where the tools themselves are. */
    private final URL[] tools;

    private final InputStream in = System.in;
    private final PrintStream out = System.out;
    private final PrintStream err = System.err;

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
                urls.add(url(part));
            }
        }
        loader = new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
        tools = urls.stream()
                .filter(url ->
                        url.getPath().contains("kafka-tools/") || url.getPath().contains("kafka_2.13/"))
                .toArray(URL[]::new);
        Class<?> exit = loader.loadClass("org.apache.kafka.common.utils.Exit");
        Class<?> procedure = loader.loadClass("org.apache.kafka.common.utils.Exit$Procedure");
        Object ends = Proxy.newProxyInstance(loader, new Class<?>[] {procedure}, (proxy, method, arguments) -> {
            JOB.get().end((int) arguments[0]);
            throw new Ended();
        });
        exit.getMethod("setExitProcedure", procedure).invoke(null, ends);
        exit.getMethod("setHaltProcedure", procedure).invoke(null, ends);
        Class<?> adder = loader.loadClass("org.apache.kafka.common.utils.Exit$ShutdownHookAdder");
        Object adds = Proxy.newProxyInstance(loader, new Class<?>[] {adder}, (proxy, method, arguments) -> {
            JOB.get().hooks.add((Runnable) arguments[1]);
            return null;
        });
        exit.getMethod("setShutdownHookAdder", adder).invoke(null, adds);
        System.setIn(new InputOfJob(in));
        System.setOut(new PrintStream(new OfJob(out, job -> job.out), true, UTF_8));
        System.setErr(new PrintStream(new OfJob(err, job -> job.err), true, UTF_8));
    }

    private static URL url(String part) throws MalformedURLException {
        return new File(part).toURI().toURL();
    }

    /** {@return what a tool does} @param mainClass its class */
    public ToolCall call(String mainClass, String... arguments) throws Exception {
        return piped("", mainClass, arguments);
    }

    /** {@return what a tool does with what is piped in} @param mainClass its class */
    public ToolCall piped(String input, String mainClass, String... arguments) throws Exception {
        Job job = new Job(input);
        Job formerJob = JOB.get();
        ClassLoader former = Thread.currentThread().getContextClassLoader();
        JOB.set(job);
        try (URLClassLoader ofItsOwn = new NewTools(tools, loader)) {
            Thread.currentThread().setContextClassLoader(ofItsOwn);
            ofItsOwn.loadClass(mainClass).getMethod("main", String[].class).invoke(null, (Object) arguments);
        } catch (InvocationTargetException failed) {
            if (!(failed.getCause() instanceof Ended)) {
                System.err.print("Exception in thread \"main\" ");
                failed.getCause().printStackTrace();
                job.end(1);
            }
        } finally {
            job.hooks.forEach(Runnable::run);
            Thread.currentThread().setContextClassLoader(former);
            JOB.set(formerJob);
        }
        job.end(0);
        return job.ended;
    }

    /** Tools count in static fields, so they are new for each call, and what they are made of is not. */
    private static final class NewTools extends URLClassLoader {
        private NewTools(URL[] urls, ClassLoader parent) {
            super(urls, parent);
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.startsWith("kafka.tools.") && !name.startsWith("org.apache.kafka.tools.")) {
                return super.loadClass(name, resolve);
            }
            synchronized (getClassLoadingLock(name)) {
                Class<?> loaded = findLoadedClass(name);
                try {
                    return loaded == null ? findClass(name) : loaded;
                } catch (ClassNotFoundException elsewhere) {
                    return super.loadClass(name, resolve);
                }
            }
        }
    }

    /** What the first of its classes to log says of having nothing to log with is not the tool's. */
    private static String withoutLogging(String lines) {
        return lines.replaceAll("(?m)^SLF4J: .*\\R", "");
    }

    @Override
    public void close() throws IOException {
        System.setIn(in);
        System.setOut(out);
        System.setErr(err);
        loader.close();
    }
}
