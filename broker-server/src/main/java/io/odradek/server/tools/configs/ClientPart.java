package io.odradek.server.tools.configs;

import org.apache.kafka.common.quota.ClientQuotaEntity;
import org.apache.kafka.common.quota.ClientQuotaFilterComponent;

/**
 * A part of whose quotas are meant: there may be a user and a client id, or an address.
 *
 * @param kind what it is
 * @param name which one; {@link Entity#DEFAULT} for those that have none of their own, null for each of them
 */
record ClientPart(Kind kind, String name) {
    /** What there is. */
    enum Kind {
        USERS("user", ClientQuotaEntity.USER, "user-principal"),
        CLIENTS("client", ClientQuotaEntity.CLIENT_ID, "client-id"),
        IPS("ip", ClientQuotaEntity.IP, "ip");

        private final String singular;
        private final String type;
        private final String shown;

        Kind(String singular, String type, String shown) {
            this.singular = singular;
            this.type = type;
            this.shown = shown;
        }

        String singular() {
            return singular;
        }

        String plural() {
            return singular + "s";
        }

        /** {@return its name in requests} */
        String type() {
            return type;
        }

        /** {@return its name in what Kafka's tool prints} */
        String shown() {
            return shown;
        }
    }

    boolean isOne() {
        return name != null;
    }

    boolean isDefault() {
        return Entity.DEFAULT.equals(name);
    }

    ClientQuotaFilterComponent component() {
        if (!isOne()) {
            return ClientQuotaFilterComponent.ofEntityType(kind.type());
        }
        return isDefault()
                ? ClientQuotaFilterComponent.ofDefaultEntity(kind.type())
                : ClientQuotaFilterComponent.ofEntity(kind.type(), name);
    }
}
