package io.odradek.core.simulation;

import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.api.ApiRequest;
import io.odradek.storage.env.SimulatedLoop;

/** A machine in a {@link SimulatedNetwork}, with at most one process that listens. */
final class SimulatedNode {
    /** What takes the requests that arrive at a process. */
    interface Service {
        void receive(ApiRequest request, RequestContext context);
    }

    private final String name;
    private final int index;
    private Service service;
    private SimulatedLoop loop;
    private boolean powered = true;
    private int extraLatencyMs;

    SimulatedNode(String name, int index) {
        this.name = name;
        this.index = index;
    }

    int index() {
        return index;
    }

    /** A process listens from now on. */
    void listen(SimulatedLoop newLoop, Service newService) {
        loop = newLoop;
        service = newService;
        powered = true;
    }

    /** The process has ended, or with it the machine: then nobody says that nobody listens. */
    void ended(boolean stillPowered) {
        service = null;
        loop = null;
        powered = stillPowered;
    }

    boolean isPowered() {
        return powered;
    }

    /** {@return what takes requests, null if nobody listens} */
    Service service() {
        return service;
    }

    /** {@return where what arrives for the process is taken} */
    SimulatedLoop loop() {
        return loop;
    }

    /** Lets every message to or from it take so much longer at most. */
    void slowDown(int latencyMs) {
        extraLatencyMs = latencyMs;
    }

    int extraLatencyMs() {
        return extraLatencyMs;
    }

    @Override
    public String toString() {
        return name;
    }
}
