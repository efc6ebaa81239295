package io.odradek.server.storm;

import io.netty.buffer.PoolArenaMetric;
import io.netty.buffer.PooledByteBufAllocator;
import io.odradek.core.memory.MemoryAccount;
import io.odradek.server.OpenedBroker;
import io.odradek.server.net.FrontEndFigures;
import java.lang.management.ManagementFactory;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What a broker holds for clients, and what this JVM holds for it. */
public final class Held {
    private static final int COLLECTIONS = 3;

    private Held() {}

    /** {@return what is not given back of what requests and connections hold: nothing, when there are none} */
    public static Map<String, Long> byRequests(OpenedBroker broker) {
        FrontEndFigures figures = broker.frontEnd();
        MemoryAccount memory = broker.memory();
        Map<String, Long> held = new TreeMap<>();
        note(held, "connections", figures.connections());
        note(held, "requests in work", figures.requestsInWork());
        note(held, "connections that wait for a permit", figures.waitingForPermits());
        note(held, "bytes of partial requests", figures.partialBytes());
        note(held, "bytes of frames", memory.frames().usedBytes());
        note(held, "bytes of requests", memory.requests().usedBytes());
        note(held, "bytes of answers", memory.answers().usedBytes());
        return held;
    }

    /** {@return what is kept of clients beyond their requests} */
    static Map<String, Long> byState(OpenedBroker broker) {
        Map<String, Long> held = new TreeMap<>();
        note(held, "bytes of groups", broker.memory().groups().usedBytes());
        note(held, "bytes of fetch sessions", broker.memory().fetchSessions().usedBytes());
        return held;
    }

    private static void note(Map<String, Long> held, String what, long count) {
        if (count != 0) {
            held.put(what, count);
        }
    }

    /** {@return the buffers of the network library that nobody has released, those in the caches of live threads included} */
    public static long directBuffers() {
        long buffers = 0;
        for (PoolArenaMetric arena : PooledByteBufAllocator.DEFAULT.metric().directArenas()) {
            buffers += arena.numActiveAllocations();
        }
        return buffers;
    }

    /** {@return the heap in use after what is garbage has been collected, in bytes} */
    public static long heapBytes() {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < COLLECTIONS; i++) {
            System.gc();
            least = Math.min(
                    least,
                    ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
        }
        return least;
    }

    /** {@return the threads of brokers that live, without those that come and go with their work} */
    public static Set<String> threads() {
        Set<String> names = new TreeSet<>();
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().matches("odradek-(owner|cluster|log-io|cleaner|network).*")) {
                names.add(thread.getName());
            }
        }
        return names;
    }
}
