package io.odradek.core.quota;

import io.odradek.core.config.dynamic.ClientEntity;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What is set of one kind of quota, and who shares what. The first of these that is set holds a client (KIP-55): its user's with its
 * client id, its user's with any client id, its user's, any user's with its client id, any user's with any client id, any
 * user's, its client id's, any client id's. A client without an id has none of those that speak of client ids. Thread-safe.
 */
final class QuotaBounds {
    private final Map<ClientEntity, Double> bounds = new ConcurrentHashMap<>();

    /**
     * What holds a client.
     *
     * @param perSecond how much it may have
     * @param user of which user all connections share that; empty for those of any
     * @param clientId of which client id; empty for those of any
     */
    record Bound(double perSecond, String user, String clientId) {
        /** {@return the same of a client id by another name, if it is of one at all} */
        Bound ofClientId(String name) {
            return clientId.isEmpty() ? this : new Bound(perSecond, user, name);
        }
    }

    /** Sets a bound, null for none. */
    void set(ClientEntity entity, Double perSecond) {
        if (perSecond == null) {
            bounds.remove(entity);
        } else {
            bounds.put(entity, perSecond);
        }
    }

    /** {@return whether there is none for anybody} */
    boolean isEmpty() {
        return bounds.isEmpty();
    }

    /** {@return what holds a client, null if nothing does} @param clientId empty if it has none */
    Bound of(String user, String clientId) {
        String any = ClientEntity.DEFAULT;
        boolean named = !clientId.isEmpty();
        Double bound = named ? either(get(user, clientId), get(user, any)) : null;
        if (bound != null) {
            return new Bound(bound, user, clientId);
        }
        bound = get(user, null);
        if (bound != null) {
            return new Bound(bound, user, "");
        }
        bound = named ? either(get(any, clientId), get(any, any)) : null;
        if (bound != null) {
            return new Bound(bound, user, clientId);
        }
        bound = get(any, null);
        if (bound != null) {
            return new Bound(bound, user, "");
        }
        bound = named ? either(get(null, clientId), get(null, any)) : null;
        return bound == null ? null : new Bound(bound, "", clientId);
    }

    private Double get(String user, String clientId) {
        return bounds.get(new ClientEntity(user, clientId, null));
    }

    private static Double either(Double first, Double second) {
        return first == null ? second : first;
    }
}
