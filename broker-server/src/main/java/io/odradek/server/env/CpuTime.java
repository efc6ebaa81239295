package io.odradek.server.env;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.List;

/** What threads have used of the processors, as the system counts it anyway: so it costs them nothing to be measured. */
public final class CpuTime {
    private CpuTime() {}

    /** {@return the nanoseconds that threads have used together; 0 of those that have ended, and where the system does not tell} */
    public static long usedNs(List<Thread> threads) {
        ThreadMXBean system = ManagementFactory.getThreadMXBean();
        if (!system.isThreadCpuTimeSupported()) {
            return 0;
        }
        long used = 0;
        for (Thread thread : threads) {
            used += Math.max(0, system.getThreadCpuTime(thread.getId()));
        }
        return used;
    }
}
