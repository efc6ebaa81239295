package io.odradek.server.admin;

import java.util.LinkedHashSet;
import java.util.Set;

/** The connections to the admin listeners and what bounds them. Known to the listeners' loop alone. */
final class AdminConnections {
    private final Set<AdminConnection> longestRestedFirst = new LinkedHashSet<>();
    private final Routes routes;
    private final int mostConnections;
    private final long timeoutMs;
    private final long mostHeldBytes;
    private long heldBytes;

    /**
     * @param mostConnections how many there may be
     * @param timeoutMs how long one may take for a request, and for taking an answer
     * @param mostHeldBytes how much of answers may wait to be taken
     */
    AdminConnections(Routes routes, int mostConnections, long timeoutMs, long mostHeldBytes) {
        this.routes = routes;
        this.mostConnections = mostConnections;
        this.timeoutMs = timeoutMs;
        this.mostHeldBytes = mostHeldBytes;
    }

    Routes routes() {
        return routes;
    }

    long timeoutMs() {
        return timeoutMs;
    }

    /** Takes a connection in; if there is no place, the one that has rested longest gives way, or else the new one. */
    void add(AdminConnection connection) {
        longestRestedFirst.add(connection);
        if (longestRestedFirst.size() > mostConnections) {
            for (AdminConnection other : longestRestedFirst) {
                if (other.rests()) {
                    other.close();
                    return;
                }
            }
        }
    }

    void remove(AdminConnection connection) {
        longestRestedFirst.remove(connection);
    }

    /** Notes that a connection rests from now on. */
    void rested(AdminConnection connection) {
        if (longestRestedFirst.remove(connection)) {
            longestRestedFirst.add(connection);
        }
    }

    /** {@return whether there is room for an answer; a small one is always let through} */
    boolean mayHold(int bytes) {
        return bytes < 1024 || heldBytes + bytes <= mostHeldBytes || heldBytes == 0;
    }

    void hold(int bytes) {
        heldBytes += bytes;
    }

    void release(int bytes) {
        heldBytes -= bytes;
    }
}
