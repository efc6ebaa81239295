package io.odradek.core.orders;

import io.odradek.core.transport.ConnectionContext;

/**
 * On whose word an order is given.
 *
 * @param controllerId broker id of the controller
 * @param controllerEpoch the epoch it was elected in
 * @param brokerEpoch the life of the broker that it means (KIP-380), or {@link #ANY_LIFE}
 * @param connection the sequence of the connection that has brought it, 0 for a broker's own controller
 */
public record Authority(int controllerId, int controllerEpoch, long brokerEpoch, long connection) {
    /** Of a controller that does not know of broker epochs. */
    public static final long ANY_LIFE = -1;

    /** Of a controller that has not sent it anywhere yet. */
    public Authority(int controllerId, int controllerEpoch, long brokerEpoch) {
        this(controllerId, controllerEpoch, brokerEpoch, 0);
    }

    /** {@return the same, brought by a connection} */
    public Authority over(ConnectionContext connection) {
        return new Authority(controllerId, controllerEpoch, brokerEpoch, connection.sequence());
    }
}
