package io.odradek.server;

import io.odradek.core.coordination.CoordinationHome;
import io.odradek.server.env.SystemClock;
import io.odradek.server.net.socket.Transport;
import io.odradek.storage.env.Clock;
import io.odradek.storage.env.Meters;
import io.odradek.storage.manager.StorageEnvironment.FailureListener;

/**
 * How a broker lives in its JVM.
 *
 * @param transport how sockets are reached
 * @param guest whether it is a guest of somebody else's JVM: its threads let that end, and are as few as possible, and what it
 *     draws at random need only be different each time
 * @param meters what counts
 * @param coordination opens the way to the cluster's tree
 * @param failures is told, on any thread, when the last log folder has failed
 * @param mostDescriptors how many files and sockets the process may have open, all for this broker; 0 if that is not known
 * @param clock its time
 */
public record BrokerOptions(
        Transport transport,
        boolean guest,
        Meters meters,
        CoordinationHome.Opener coordination,
        FailureListener failures,
        int mostDescriptors,
        Clock clock) {
    /** By the system's clock. */
    public BrokerOptions(
            Transport transport,
            boolean guest,
            Meters meters,
            CoordinationHome.Opener coordination,
            FailureListener failures,
            int mostDescriptors) {
        this(transport, guest, meters, coordination, failures, mostDescriptors, new SystemClock());
    }

    /** In a process that is not the broker's alone. */
    public BrokerOptions(
            Transport transport,
            boolean guest,
            Meters meters,
            CoordinationHome.Opener coordination,
            FailureListener failures) {
        this(transport, guest, meters, coordination, failures, 0);
    }
}
