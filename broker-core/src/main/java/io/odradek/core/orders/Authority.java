package io.odradek.core.orders;

/**
 * On whose word an order is given.
 *
 * @param controllerId broker id of the controller
 * @param controllerEpoch the epoch it was elected in
 * @param brokerEpoch the life of the broker that it means (KIP-380), or {@link #ANY_LIFE}
 */
public record Authority(int controllerId, int controllerEpoch, long brokerEpoch) {
    /** Of a controller that does not know of broker epochs. */
    public static final long ANY_LIFE = -1;
}
