package io.odradek.server.exactlyonce;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** How far a group has come with a topic, which is the clock of these tests: what breaks, breaks after so many records. */
final class Progress {
    private static final long LOOK_AGAIN_NS = 50_000_000;

    private final Topics topics;
    private final String group;
    private final String topic;
    private final Duration patience;
    private long passed;

    /** @param patience how long it may stand still */
    Progress(Topics topics, String group, String topic, Duration patience) {
        this.topics = topics;
        this.group = group;
        this.topic = topic;
        this.patience = patience;
    }

    /** {@return how many records the group had behind it when last looked at} */
    long passed() {
        return passed;
    }

    /** Waits until the group has so many records behind it, and does something meanwhile. */
    void await(long records, Meanwhile meanwhile) throws Exception {
        long deadline = System.nanoTime() + patience.toNanos();
        while (passed < records) {
            long now = topics.passed(group, topic);
            if (now > passed) {
                passed = now;
                deadline = System.nanoTime() + patience.toNanos();
            }
            if (System.nanoTime() > deadline) {
                throw new AssertionError(
                        group + " has passed " + passed + " records of " + topic + ", and no other one in " + patience);
            }
            meanwhile.run();
            LockSupport.parkNanos(LOOK_AGAIN_NS);
        }
    }

    interface Meanwhile {
        void run() throws Exception;
    }
}
