package io.odradek.server.net;

/**
 * What a front end holds at a moment.
 *
 * @param connections open connections
 * @param requestsInWork requests that have a permit
 * @param waitingForPermits connections that wait for one
 * @param partialBytes memory of requests that have not fully arrived
 */
public record FrontEndFigures(int connections, int requestsInWork, int waitingForPermits, long partialBytes) {
    /** {@return the figures now} */
    public static FrontEndFigures of(NetworkServer server) {
        return new FrontEndFigures(
                server.connections(), server.requestsInWork(), server.waitingForPermits(), server.partialBytes());
    }
}
