package io.odradek.server.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** In a JVM of its own, two hundred brokers one after the other leave it as a few had left it. */
class ManyBrokersTest {
    private static final int MOST_HEAP_GROWTH_BYTES = 2 << 20;

    @Test
    void twoHundredBrokersLeaveNoThreadDescriptorMBeanHookFileOrHeapBehind(@TempDir Path temporary) throws Exception {
        Process process = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-Xmx256m",
                        "-Djava.io.tmpdir=" + temporary,
                        "--add-opens=java.base/java.lang=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Starts.class.getName())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        List<String> lines = new ArrayList<>();
        try (BufferedReader output = process.inputReader(UTF_8)) {
            output.lines().filter(line -> line.startsWith("left: ")).forEach(lines::add);
        }
        assertThat(process.waitFor()).isZero();
        assertThat(lines).hasSize(2);
        Left few = Left.of(lines.get(0));
        Left many = Left.of(lines.get(1));
        System.out.println("After 20 brokers " + few + ", after 220 " + many);
        assertThat(many.counted()).isEqualTo(few.counted());
        assertThat(many.heapBytes()).isLessThan(few.heapBytes() + MOST_HEAP_GROWTH_BYTES);
    }

    /**
     * What a JVM has when its brokers are closed.
     *
     * @param counted threads, descriptors, MBeans, shutdown hooks and temporary folders
     */
    private record Left(String counted, long heapBytes) {
        static Left of(String line) {
            int heap = line.lastIndexOf(' ');
            return new Left(line.substring(0, heap), Long.parseLong(line.substring(heap + 1)));
        }
    }

    /** The program that starts and closes them. */
    public static final class Starts {
        /** Starts and closes a few, then many. */
        public static void main(String[] arguments) throws Exception {
            run(20);
            tell();
            run(200);
            tell();
        }

        private static void run(int count) {
            for (int i = 0; i < count; i++) {
                boolean used = i % 10 == 0;
                EmbeddedBroker.Builder builder = EmbeddedBroker.builder();
                try (EmbeddedBroker broker = used ? builder.topic("t").start() : builder.start()) {
                    if (used) {
                        broker.produce("t", "value");
                        broker.reset();
                    }
                }
            }
        }

        private static void tell() throws Exception {
            Set<String> threads = new TreeSet<>();
            for (Thread thread : Thread.getAllStackTraces().keySet()) {
                threads.add(thread.getName());
            }
            int mBeans = ManagementFactory.getPlatformMBeanServer().getMBeanCount();
            Field hooks = Class.forName("java.lang.ApplicationShutdownHooks").getDeclaredField("hooks");
            hooks.setAccessible(true);
            String[] folders =
                    new File(System.getProperty("java.io.tmpdir")).list((folder, name) -> name.startsWith("odradek-"));
            long heapBytes = heapBytes();
            System.out.println("left: " + threads + ", " + descriptors() + ", " + mBeans + " MBeans, "
                    + ((Map<?, ?>) hooks.get(null)).size() + " hooks, "
                    + (folders == null ? 0 : folders.length) + " folders " + heapBytes);
        }

        /** {@return what is open, how often; the JVM opens a jar when it needs the first class of it} */
        private static Map<String, Integer> descriptors() throws IOException {
            Map<String, Integer> open = new TreeMap<>();
            File[] all = new File("/proc/self/fd").listFiles();
            for (File descriptor : all == null ? new File[0] : all) {
                try {
                    String target = Files.readSymbolicLink(descriptor.toPath()).toString();
                    if (!target.endsWith(".jar")) {
                        open.merge(target.replaceAll("\\d+", "#"), 1, Integer::sum);
                    }
                } catch (NoSuchFileException looksAtThem) {
                    continue;
                }
            }
            return open;
        }

        /** {@return what is used when nothing more can be collected} */
        private static long heapBytes() {
            long used = Long.MAX_VALUE;
            for (int round = 0; round < 5; round++) {
                System.gc();
                Runtime runtime = Runtime.getRuntime();
                used = Math.min(used, runtime.totalMemory() - runtime.freeMemory());
            }
            return used;
        }
    }
}
